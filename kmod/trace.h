/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: xtcp:xtcp_state at each transition of a connection. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xtcp

#if !defined(XTCP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define XTCP_TRACE_H

#include <linux/tracepoint.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>

#include "core/state.h"
#include "sock.h"

TRACE_EVENT(xtcp_state,
	TP_PROTO(struct sock *sk, unsigned int oldstate, unsigned int newstate),
	TP_ARGS(sk, oldstate, newstate),
	TP_STRUCT__entry(
		__field(u64, cookie)
		__field(u16, sport)
		__field(u16, dport)
		__field(u16, family)
		__array(u8, saddr, 16)
		__array(u8, daddr, 16)
		__field(u8, oldstate)
		__field(u8, newstate)
	),
	TP_fast_assign(
		const struct xtcp_flow *f = &xtcp_sk(sk)->ent.flow;

		__entry->cookie = xtcp_sk(sk)->id;
		__entry->sport = ntohs(f->lport);
		__entry->dport = ntohs(f->rport);
		__entry->family = xtcp_flow_is_v4(f) ? AF_INET : AF_INET6;
		memcpy(__entry->saddr, &f->laddr, 16);
		memcpy(__entry->daddr, &f->raddr, 16);
		__entry->oldstate = oldstate;
		__entry->newstate = newstate;
	),
	TP_printk("cookie=%llu sport=%hu dport=%hu family=%s saddr=%pI6c daddr=%pI6c oldstate=%s newstate=%s",
		  __entry->cookie, __entry->sport, __entry->dport,
		  __entry->family == AF_INET ? "AF_INET" : "AF_INET6",
		  __entry->saddr, __entry->daddr,
		  xtcp_state_name(__entry->oldstate),
		  xtcp_state_name(__entry->newstate))
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
