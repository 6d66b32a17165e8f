// SPDX-License-Identifier: GPL-2.0
/*
 * The wire is part of a VRF: which sockets get its segments, and that what is sent
 * without a socket goes back by it. No other table has a route to the peer.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

#define VRF	"vrf up; device red\n"
#define SLAVE	"vrf up; device wire\n"
#define SHARED	"vrf up; sysctl l3mdev_accept 1\n"
#define DATA	"send 10; < PA 1+10 ack=1; > PA 1+10 ack=11; recv 10; < A 11 ack=11\n"

WIRE(listener_in_the_vrf,
	VRF "passive; bound red; " DATA "> FA 11; eof; < A 11 ack=12; close; < FA 11; > A 12 ack=12\n")

WIRE(listener_on_the_interface,
	SLAVE "passive; bound wire; " DATA)

WIRE(listener_of_no_vrf,
	"vrf up; listen; > S 0 mss=1460; < RA 0 ack=1; noaccept\n")

WIRE(listener_of_no_vrf_for_all,
	SHARED "passive; bound red; " DATA)

WIRE(listener_elsewhere,
	"vrf up; device lo; listen; > S 0 mss=1460; < RA 0 ack=1; noaccept\n")

/* The more special one, whichever came first */
WIRE(two_listeners,
	SHARED "listen; device red; flow 1; passive; bound red; " DATA)

WIRE(client_in_the_vrf,
	VRF "active; bound red; " DATA)

WIRE(client_on_the_interface,
	SLAVE "active; bound wire; " DATA)

WIRE(nobody_there,
	"vrf up; > S 0 mss=1460; < RA 0 ack=1; flow 1; > A 7 ack=5; < R 5\n")

WIRE(reset_by_the_listener,
	VRF "listen; > A 7 ack=5; < R 5\n")

WIRE(reset_by_a_listener_on_the_interface,
	SLAVE "listen; > A 7 ack=5; < R 5\n")

WIRE(reset_by_a_listener_for_all,
	SHARED "listen; > A 7 ack=5; < R 5\n")

WIRE(synack_again,
	VRF "listen; > S 0 mss=1460; < SA 0 ack=1; < SA 0 ack=1 t=900..1200; > A 1; accept; bound red\n")

WIRE(cookies,
	VRF "sysctl syncookies 2; listen; > S 0 mss=1460; < SA 0 ack=1; > A 1; accept; bound red; " DATA)

WIRE(cookies_for_all,
	SHARED "sysctl syncookies 2; listen; > S 0 mss=1460; < SA 0 ack=1; > A 1; accept; bound red\n" DATA)

WIRE(fast_open,
	VRF "sysctl fastopen 3; listen; lopt fastopen 5\n"
	"flow 9; > S 0 mss=1460 fo=?; < SA 0 ack=1 folen=8; > R 1; <-; flow 0\n"
	"> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; bound red; recv 10; send 5; < PA 1+5 ack=11\n"
	"> A 11 ack=6; state ESTABLISHED\n")

WIRE(fast_open_for_all,
	SHARED "sysctl fastopen 3; listen; lopt fastopen 5\n"
	"flow 9; > S 0 mss=1460 fo=?; < SA 0 ack=1 folen=8; > R 1; <-; flow 0\n"
	"> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; bound red; recv 10\n")

#define TIMEWAIT "passive; close; < FA 1; > A 1 ack=2; > FA 1 ack=2; < A 2 ack=2\n"

WIRE(timewait_acknowledges,
	VRF TIMEWAIT "> FA 1 ack=2; < A 2 ack=2\n")

WIRE(timewait_on_the_interface_acknowledges,
	SLAVE TIMEWAIT "> FA 1 ack=2; < A 2 ack=2\n")

WIRE(timewait_gives_way_to_a_listener,
	VRF TIMEWAIT "> S 100000 aack=0\n"
	/* the number that follows is each kernel's own affair */
	"xtcp: < SA 65539 ack=100001; tcp: drain; lstate LISTEN\n")

/* A connection that nobody sees any more */
WIRE(orphan,
	VRF "passive; send 10; close; < PA 1+10; < FA 11; > A 1 ack=12; > PA 1+10 ack=12\n"
	"tcp: < R 12; xtcp: < RA 12\n")

WIRE(port_unreachable,
	VRF "connect; < S 0; icmp port; error ECONNREFUSED; state CLOSED\n")

/* By IPv4, TCP takes this for a packet of no VRF's, and finds nobody */
WIRE(port_unreachable_on_the_interface,
	SLAVE "6: connect; 6: < S 0; 6: icmp port; 6: error ECONNREFUSED; 6: state CLOSED\n")

OWN(port_unreachable_on_the_interface,
	SLAVE "connect; < S 0; icmp port; error ECONNREFUSED; state CLOSED\n")

WIRE(too_big,
	VRF "passive; send 1400; < PA 1+1400; icmp toobig mtu=1300 seq=1\n"
	"4: < A 1+1260; 6: < A 1+1240; drain\n")

WIRE_MAIN
