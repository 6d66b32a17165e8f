/* SPDX-License-Identifier: GPL-2.0 */
/* Which rows of selftests/requirements.tsv a case proves: shown beside what fails. */
#ifndef XTCP_CORE_PROVES_TEST_H
#define XTCP_CORE_PROVES_TEST_H

#include <kunit/test.h>

#define PROVES(test, rows) kunit_info(test, "proves " rows "\n")

#endif
