/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A stream of bytes whose value depends on their place in it: a byte lost,
 * doubled or moved shows at once.
 */
#ifndef XTCP_LIB_DATA_H
#define XTCP_LIB_DATA_H

#include <stdbool.h>
#include <stddef.h>

static inline unsigned char data_byte(unsigned long long off)
{
	return (off * 0x9e3779b97f4a7c15ULL) >> 56;
}

static inline void data_fill(unsigned char *buf, unsigned long long off, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf[i] = data_byte(off + i);
}

static inline bool data_ok(const unsigned char *buf, unsigned long long off, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (buf[i] != data_byte(off + i))
			return false;
	return true;
}

#endif
