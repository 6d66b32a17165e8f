// SPDX-License-Identifier: GPL-2.0
/*
 * Urgent data, segment by segment: what is sent with URG and with which pointer, and
 * what comes of pointers and urgent octets that arrive, sound or not. What the calls
 * say is in socket_urgent.c.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

/* A peer with @mss whose window takes whatever comes. */
#define PEER(mss) \
	"sndbuf 200000; listen; > S 0 mss=" #mss " ws=7; < SA 0 ack=1\n" \
	"> A 1 ack=1 win=60000; accept\n"

/* The pointer is that of the octet behind the last urgent one. */
WIRE(sent,
	"proves MUST-30 MUST-62\n"
	PEER(1000) "send 10; < PA 1+10; sendoob 10; < PAU 11+10 urg=10; > A 1 ack=21 win=60000\n"
	"send 10; < PA 21+10 urg=0; sent 10; > A 1 ack=31; sent 0\n")

/* Whatever is behind it is not, but the pointer stays until it is acknowledged. */
WIRE(sent_in_the_middle,
	PEER(1000) "opt cork 1; send 300; sendoob 300; < PAU 1+600 urg=600\n"
	"send 2000; < A 601+1000; < A 1601+1000; <-; > A 1 ack=601 win=60000; <-\n"
	"opt cork 0; <-; > A 1 ack=2601; sent 0\n")

/* Nothing holds it back: not Nagle's algorithm, nor the cork. */
WIRE(sent_at_once,
	PEER(1000) "send 10; < PA 1+10; send 10; <-; sendoob 10; < PAU 11+20 urg=20\n"
	"> A 1 ack=31 win=60000; opt cork 1; send 10; <-; sendoob 10; < PAU 31+20 urg=20\n"
	"> A 1 ack=51; sent 0\n")

WIRE(sent_again,
	PEER(1000) "sendoob 10; < PAU 1+10 urg=10; < PAU 1+10 urg=10 t=100..3000\n"
	"> A 1 ack=11 win=60000; sent 0; send 10; < PA 11+10\n")

/* What Linux TCP has not sent yet it joins with the next, or not, by its version. */
OWN(last_one_sent_wins,
	PEER(1000) "> A 1 ack=1 win=0; sendoob 10; sendoob 10; > A 1 ack=1 win=60000\n"
	"< PAU 1+20 urg=20; sendoob 5; < PAU 21+5 urg=5; > A 1 ack=26; sent 0\n")

/* Further ahead than the field can say: as far as it can. */
TEST_F_TIMEOUT(wire, sent_far_ahead, WIRE_TIMEOUT)
{
	struct flow *f;

	PLAY("proves MUST-31\n"
	     PEER(1000) "sendoob 60000; < AU 1+1000 urg=60000; < AU 1001+1000 urg=59000; drain\n"
	     "sendoob 40000; > A 1 ack=10001 win=60000; < AU 10001+1000 urg=65535\n"
	     "< AU 11001+1000 urg=65535; drain");
	f = self->s->f;
	/* each drains what the ACK before it let go: no more is acknowledged than came */
	for (int i = 0; i < 200 && f->last.seq - f->irs <= 60000; i++)
		PLAY("> A 1 ack=%u win=60000; drain", f->last.seq - f->irs + f->last.len);
	ASSERT_LT(60000, f->last.seq - f->irs);
	ASSERT_TRUE(f->last.flags & WIRE_URG);
	ASSERT_EQ(100001, f->last.seq - f->irs + f->last.urg);
}

OWN(sent_with_the_end,
	PEER(1000) "> A 1 ack=1 win=0; sendoob 10; shut wr; > A 1 ack=1 win=60000\n"
	"< FPAU 1+10 urg=10; > A 1 ack=12; state FIN-WAIT-2\n")

/* Linux probes twice, both times without an octet. */
OWN(sent_into_a_closed_window,
	"passive; > A 1 ack=1 win=0; sendoob 10; < PAU 1+1 urg=10 t=100..3000\n"
	"> PA 1+10 ack=1 win=0; <* AU 1 ack=11 urg=10; > A 11 ack=1 win=60000\n"
	"<* PAU 1+10 urg=10; > A 11 ack=11; sent 0\n")

WIRE(received,
	"proves MUST-30 MUST-33 MUST-62\n"
	"passive; pri 0; ooberr EINVAL; > PAU 1+10 urg=5; drain; pri 1; avail 4; atmark 0\n"
	"recv 4; atmark 1; oob 5; ooberr EINVAL; pri 0; atmark 1; pass 1; recv 5; atmark 0\n"
	"> PA 11+10; recv 10; ooberr EINVAL\n")

WIRE(received_inline,
	"passive; opt oobinline 1; > PAU 1+10 urg=5; drain; pri 1; ooberr EINVAL; avail 10\n"
	"recv 4; atmark 1; recv 6; atmark 0; pri 0\n")

/* The pointer is there before its octet is, and without any data. */
WIRE(announced,
	"proves MUST-31 MUST-32 MUST-33\n"
	"passive; > AU 1 urg=15; pri 0; ooberr EAGAIN; > PA 1+10; drain; ooberr EAGAIN; recv 10\n"
	"atmark 0; > A 11+4; drain; recv 4; atmark 1; noread; > PA 15+6; drain; pri 1; oob 15\n"
	"pass 1; recv 5; atmark 0\n")

/* Not by one segment alone, as the pointer goes on with each. */
WIRE(longer_than_a_pointer,
	"proves MUST-31\n"
	"passive; > AU 1+1000 urg=65535; > AU 1001+1000 urg=65535; drain; recv 2000\n"
	"ooberr EAGAIN; > AU 2001+1000 urg=2000; drain; ooberr EAGAIN; recv 1000; alive\n")

WIRE(out_of_order,
	"passive; > PAU 11+10 urg=5; drain; pri 1; oob 15; noread; > PA 1+10; drain\n"
	"recv 14; atmark 1; pass 1; recv 5; atmark 0\n")

/* The octet came before the pointer to it: Linux has to wait until it is read. */
OWN(pointer_behind_its_octet,
	"passive; > PA 11+10; drain; > AU 1+5 urg=15; drain; ooberr EAGAIN; > PA 6+5; drain\n"
	"pri 1; oob 15; recv 14; atmark 1; pass 1; recv 5\n")

WIRE(last_one_received_wins,
	"passive; > PAU 1+5 urg=5; > PAU 6+5 urg=5; drain; avail 9; recv 9; atmark 1; oob 10\n"
	"> PA 11+5; drain; pass 1; recv 5\n")

/* The former was next to be read: it is not to be taken for ordinary. */
WIRE(moves_on_from_where_the_reader_is,
	"passive; > PAU 1+5 urg=5; drain; recv 4; atmark 1; > PAU 6+5 urg=5; drain; atmark 0\n"
	"pass 1; recv 4; atmark 1; oob 10\n")

/* The former has not come yet: by now it is ordinary. */
WIRE(moves_on_before_its_octet_came,
	"passive; > AU 1+4 urg=5; drain; recv 4; atmark 1; > PAU 5+5 urg=5; drain; atmark 0\n"
	"recv 4; atmark 1; oob 9\n")

WIRE(passed_unread,
	"passive; > PAU 1+10 urg=5; drain; recv 4; pass 1; recv 5; ooberr EINVAL; pri 0\n")

WIRE(comes_twice,
	"passive; > PAU 1+10 urg=5; drain; oob 5; > PAU 1+10 urg=5; drain; pri 0\n"
	"ooberr EINVAL; recv 4; atmark 1; pass 1; recv 5\n"
	"> PAU 1+10 urg=5; drain; pri 0; ooberr EINVAL; atmark 0\n")

WIRE(at_the_end,
	"passive; > FPAU 1+3 urg=3; drain; recv 2; atmark 1; oob 3; eof; state CLOSE-WAIT\n")

WIRE(at_the_end_unread,
	"passive; > FPAU 1+3 urg=3; drain; recv 2; eof\n")

/* Behind the peer's end there is nothing urgent. */
OWN(behind_the_end,
	"passive; > FA 1; drain; > AU 2 urg=10; <-; pri 0; ooberr EINVAL; eof\n")

/* 0, what is past, the far end again and again, no ACK, beyond the window. */
WIRE(pointers_without_sense,
	"passive; > PAU 1+10 urg=0; drain; oob 1; pass 1; recv 9; > PAU 6+10 urg=5; drain\n"
	"ooberr EINVAL; recv 5; > U 16 urg=10; drain; ooberr EINVAL\n"
	"> AU 500000 urg=10; drain; ooberr EINVAL\n"
	"> AU 16 urg=65535; > AU 16 urg=65535; > AU 16 urg=1; ooberr EAGAIN; > PA 16+10; drain\n"
	"recv 10; ooberr EAGAIN; > R 26; error ECONNRESET; ooberr ENOTCONN\n")

WIRE(on_the_syn_ack,
	"connect; < S 0; > SAU 0 mss=1000 urg=10; < A 1 ack=1; connected; ooberr EAGAIN\n"
	"> A 1+10; drain; recv 8; atmark 1; oob 9; pass 1; recv 1\n")

/* MUST-66: the window is shut, and still it is heard; the octet has no other way. */
TEST_F_TIMEOUT(wire, received_in_a_closed_window, WIRE_TIMEOUT)
{
	struct flow *f;
	int at = 1, win;

	PLAY("proves MUST-66 RFC9293-3.10.7.4-zwnd\n"
	     "rcvbuf 8192; passive mss=1000");
	f = self->s->f;
	for (win = f->last.win; win; win = f->last.win) {
		int n = win < 1000 ? win : 1000;

		PLAY("> PA %d+%d; drain", at, n);
		at += n;
		/* the ACK may be a delayed one */
		while (f->last.ack - f->iss != (uint32_t)at)
			PLAY("< A 1");
	}
	PLAY("> AU %d urg=10; drain; pri 0; ooberr EAGAIN", at);
	PLAY("> AU %d+1 urg=1; < A 1 ack=%d win=0; ooberr EAGAIN", at, at);
	PLAY("recv %d; <* A 1 ack=%d win>1000; atmark 0", at - 1, at);
	PLAY("> PA %d+20; drain; oob %d; recv 9; atmark 1; pass 1; recv 10", at, at + 9);
}

/* A probe of one octet, which is the urgent one, and is not taken into the stream. */
TEST_F_TIMEOUT(wire, urgent_octet_in_a_probe, WIRE_TIMEOUT)
{
	struct flow *f;
	int at = 1, win;

	PLAY("proves MUST-66\n"
	     "rcvbuf 8192; passive mss=1000");
	f = self->s->f;
	for (win = f->last.win; win; win = f->last.win) {
		int n = win < 1000 ? win : 1000;

		PLAY("> PA %d+%d; drain", at, n);
		at += n;
		while (f->last.ack - f->iss != (uint32_t)at)
			PLAY("< A 1");
	}
	PLAY("> PAU %d+1 urg=1; < A 1 ack=%d win=0; pri 1; oob %d", at, at, at);
	PLAY("recv %d; <* A 1 ack=%d win>1000; atmark 1", at - 1, at);
	PLAY("> PA %d+20; drain; pass 1; recv 19", at);
}

WIRE_MAIN
