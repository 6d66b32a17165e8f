// SPDX-License-Identifier: GPL-2.0
/*
 * The state machine's edges (RFC 9293 figure 5). This file alone writes
 * tcb->state; the shell counts and traces what xtcp_state_set() notes in the
 * act.
 */
#include "state.h"
#include "tcb.h"

static const char * const names[XTCP_STATES] = {
	[XTCP_ESTABLISHED] = "ESTABLISHED",
	[XTCP_SYN_SENT] = "SYN-SENT",
	[XTCP_SYN_RECEIVED] = "SYN-RECEIVED",
	[XTCP_FIN_WAIT_1] = "FIN-WAIT-1",
	[XTCP_FIN_WAIT_2] = "FIN-WAIT-2",
	[XTCP_TIME_WAIT] = "TIME-WAIT",
	[XTCP_CLOSED] = "CLOSED",
	[XTCP_CLOSE_WAIT] = "CLOSE-WAIT",
	[XTCP_LAST_ACK] = "LAST-ACK",
	[XTCP_LISTEN] = "LISTEN",
	[XTCP_CLOSING] = "CLOSING",
};

/*
 * Where each state may lead. Any state may fall to CLOSED, by a reset, a
 * timeout or the user's abort.
 */
static const u16 edges[XTCP_STATES] = {
	[XTCP_CLOSED] = XTCP_F(LISTEN) | XTCP_F(SYN_SENT) |
			XTCP_F(SYN_RECEIVED),
	[XTCP_LISTEN] = 0,
	[XTCP_SYN_SENT] = XTCP_F(ESTABLISHED) | XTCP_F(SYN_RECEIVED),
	[XTCP_SYN_RECEIVED] = XTCP_F(ESTABLISHED) | XTCP_F(FIN_WAIT_1),
	[XTCP_ESTABLISHED] = XTCP_F(FIN_WAIT_1) | XTCP_F(CLOSE_WAIT),
	[XTCP_FIN_WAIT_1] = XTCP_F(FIN_WAIT_2) | XTCP_F(CLOSING) |
			    XTCP_F(TIME_WAIT),
	[XTCP_FIN_WAIT_2] = XTCP_F(TIME_WAIT),
	[XTCP_CLOSE_WAIT] = XTCP_F(LAST_ACK),
	[XTCP_CLOSING] = XTCP_F(TIME_WAIT),
	[XTCP_LAST_ACK] = 0,
	[XTCP_TIME_WAIT] = 0,
};

/**
 * xtcp_state_name - a state's name as RFC 9293 spells it
 * @state: enum xtcp_state
 */
const char *xtcp_state_name(unsigned int state)
{
	return state < XTCP_STATES && names[state] ? names[state] : "?";
}

/**
 * xtcp_state_allowed - does figure 5 have this edge
 * @from: enum xtcp_state
 * @to: enum xtcp_state
 */
bool xtcp_state_allowed(unsigned int from, unsigned int to)
{
	if (from >= XTCP_STATES || to >= XTCP_STATES || from == to)
		return false;
	return to == XTCP_CLOSED || xtcp_state_in(to, edges[from]);
}

/**
 * xtcp_state_set - change a connection's state
 * @tcb: the connection
 * @act: notes the transition
 * @to: the new state; an edge that figure 5 does not have is refused, and the
 *	connection is closed instead, since nothing is known of it any more
 */
void xtcp_state_set(struct xtcp_tcb *tcb, struct xtcp_act *act,
		    enum xtcp_state to)
{
	if (tcb->state == to)
		return;
	if (!xtcp_state_allowed(tcb->state, to))
		to = XTCP_CLOSED;
	if (act->nsteps < XTCP_ACT_STEPS_MAX)
		act->steps[act->nsteps++] = tcb->state << 4 | to;
	tcb->state = to;
}
