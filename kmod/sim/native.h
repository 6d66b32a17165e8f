/* SPDX-License-Identifier: GPL-2.0 */
/* What the simulator's program and the unit tests beside it share. */
#ifndef XTCP_SIM_NATIVE_H
#define XTCP_SIM_NATIVE_H

#include "../core/types.h"

void native_result(bool ok, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void native_unit_tests(void);

#endif
