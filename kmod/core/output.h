/* SPDX-License-Identifier: GPL-2.0 */
/* What to send next. */
#ifndef XTCP_CORE_OUTPUT_H
#define XTCP_CORE_OUTPUT_H

#include "tcb.h"

bool xtcp_output_next(struct xtcp_tcb *tcb, u64 now, u32 max,
		      struct xtcp_seg *seg);
void xtcp_output_commit(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			u64 now);
void xtcp_output_failed(struct xtcp_tcb *tcb, u64 now);

#endif
