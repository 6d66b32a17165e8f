/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The states of RFC 9293 3.3.2 and the one function that changes them.
 */
#ifndef XTCP_CORE_STATE_H
#define XTCP_CORE_STATE_H

#include "types.h"

struct xtcp_act;
struct xtcp_tcb;

/* Numbered as Linux numbers TCP's, so that the shell can copy them */
enum xtcp_state {
	XTCP_ESTABLISHED = 1,
	XTCP_SYN_SENT,
	XTCP_SYN_RECEIVED,
	XTCP_FIN_WAIT_1,
	XTCP_FIN_WAIT_2,
	XTCP_TIME_WAIT,
	XTCP_CLOSED,
	XTCP_CLOSE_WAIT,
	XTCP_LAST_ACK,
	XTCP_LISTEN,
	XTCP_CLOSING,
	XTCP_STATES,
};

/* A set of states: XTCP_F(ESTABLISHED) | XTCP_F(CLOSE_WAIT) */
#define XTCP_F(name) (1U << XTCP_##name)

static inline bool xtcp_state_in(unsigned int state, unsigned int set)
{
	return (1U << state) & set;
}

const char *xtcp_state_name(unsigned int state);
bool xtcp_state_allowed(unsigned int from, unsigned int to);
void xtcp_state_set(struct xtcp_tcb *tcb, struct xtcp_act *act,
		    enum xtcp_state to);

#endif
