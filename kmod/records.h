/* SPDX-License-Identifier: GPL-2.0 */
/* Memory for the core's records of what was sent. */
#ifndef XTCP_RECORDS_H
#define XTCP_RECORDS_H

#include "sock.h"

void xtcp_records_grow(struct sock *sk);
void xtcp_records_free(struct sock *sk);

#endif
