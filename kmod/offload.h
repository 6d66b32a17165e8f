/* SPDX-License-Identifier: GPL-2.0 */
/* Late segmentation. */
#ifndef XTCP_OFFLOAD_H
#define XTCP_OFFLOAD_H

int xtcp_offload_init(void);
void xtcp_offload_exit(void);

#endif
