/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The few types and helpers that the core takes from its surroundings. The
 * core builds in the kernel and in userspace (simulator, fuzzers); this is
 * the only file that knows which of the two it is.
 */
#ifndef XTCP_CORE_TYPES_H
#define XTCP_CORE_TYPES_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/types.h>
#include <linux/string.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/errno.h>
#else
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int32_t s32;
typedef int64_t s64;

#define U8_MAX 255
#define U32_MAX 0xffffffffU
#define U64_MAX (~0ULL)

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define fallthrough __attribute__((__fallthrough__))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

/* Time in the core is microseconds of any monotonic clock; 0 means "never". */
#define XTCP_USEC_PER_MSEC 1000ULL
#define XTCP_USEC_PER_SEC 1000000ULL

#endif
