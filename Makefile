# SPDX-License-Identifier: GPL-2.0
# XTCP's targets for people; `make help` lists them. The module itself is
# described in Kbuild and kmod/Kbuild.

# The kernel to build against: the running one's headers, else the newest installed
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(shell ls -d /lib/modules/*/build 2>/dev/null | sort -rV))
RELEASE = $(shell cat $(KDIR)/include/config/kernel.release 2>/dev/null)
PREFIX ?= /usr/local
DESTDIR ?=
W ?= 1

all: module userspace tests

help:
	@echo 'Try it:'
	@echo '  make demo         two hosts, a lossy network, a file sent, everything shown; in a VM'
	@echo '  make check        every test, on three kernels; in VMs (check-quick: 3 minutes of it)'
	@echo '  make bench        XTCP beside Linux TCP, counted in instructions; in a VM'
	@echo '  make bench-loss   goodput of both over paths that lose, reorder, delay; an hour, in a VM'
	@echo '  make mutate       show that each of a list of small bugs is caught by a test'
	@echo '  selftests/vm/run  a shell in a VM with XTCP inserted; --help has its options'
	@echo 'Build it:'
	@echo '  make              module, programs and tests, for the installed kernel headers'
	@echo '  make module       the module alone; KDIR=/path/to/headers for another kernel'
	@echo '  make userspace    the programs and the library; no kernel headers needed'
	@echo '  make tests        the test programs'
	@echo '  make install      all but the tests (PREFIX=/usr/local DESTDIR=); needs root'
	@echo '  make uninstall    take that away again'
	@echo '  make packages     install what is missing for all of these: the one step that asks for root'
	@echo '  make clean        remove what was built here; XTCP_CACHE or ~/.cache/xtcp holds'
	@echo '                    the test kernels and can be deleted at any time'

# A wrong kernel is told in one line, before the compiler tells it in hundreds
kdir:
	@[ -n "$(KDIR)" ] && [ -e "$(KDIR)/Makefile" ] || { \
		echo "no kernel headers$(if $(KDIR), in $(KDIR)): apt-get install linux-headers-cloud-amd64," \
			"or KDIR=/path/to/headers (make userspace needs none)" >&2; exit 1; }
	@[ -n "$(RELEASE)" ] || { echo "$(KDIR) is not a configured kernel: build it first" >&2; exit 1; }
	@case "$(RELEASE)" in 6.[1-9].* | 6.1[0-2].* | 6.[1-9]-* | 6.1[0-2]-*) ;; *) \
		echo "note: XTCP is made for kernels 6.1 to 6.12, and $(KDIR) is $(RELEASE)" >&2 ;; esac
	@for have in NET INET IPV6 MODULES; do \
		! grep -q "CONFIG_$${have}_MODULE 1" $(KDIR)/include/generated/autoconf.h || { \
		echo "kernel $(RELEASE) has CONFIG_$$have=m, and XTCP needs it =y" >&2; exit 1; }; \
		grep -q "CONFIG_$$have 1" $(KDIR)/include/generated/autoconf.h || { \
		echo "kernel $(RELEASE) lacks CONFIG_$$have, which XTCP needs" >&2; exit 1; }; done

module: kdir
	@[ -e Kbuild ] || { echo "no Kbuild here: the checkout is incomplete" >&2; exit 1; }
	@echo "# module for $(RELEASE)"
	@$(MAKE) -C $(KDIR) M=$(CURDIR) W=$(W) modules || { \
		case "$(RELEASE)" in 6.[1-9].* | 6.1[0-2].*) ;; *) \
		echo "XTCP does not build on $(RELEASE): it knows 6.1 to 6.12, and the first error above names what differs" >&2;; \
		esac; exit 1; }

userspace:
	@$(MAKE) -C userspace all

tests:
	@$(MAKE) -C selftests all

install: module userspace
	install -d $(DESTDIR)/lib/modules/$(RELEASE)/extra
	install -m 644 kmod/xtcp.ko $(DESTDIR)/lib/modules/$(RELEASE)/extra/
	$(if $(DESTDIR),,depmod $(RELEASE))
	$(MAKE) -C userspace install PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)

uninstall:
	rm -f $(DESTDIR)/lib/modules/$(RELEASE)/extra/xtcp.ko
	$(if $(DESTDIR),,depmod $(RELEASE))
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,bin/xtcp lib/libxtcp.a include/libxtcp.h include/xtcp.h \
		share/man/man1/xtcp.1 share/man/man3/libxtcp.3 share/man/man7/xtcp.7)

clean:
	@$(MAKE) -C userspace clean
	@$(MAKE) -C selftests clean
	find . -path ./.git -prune -o \( -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
		-o -name '.*.cmd' -o -name '.*.o.d' -o -name 'Module.symvers' -o -name 'modules.order' \) -type f -exec rm -f {} +

packages:
	@selftests/vm/packages

check: packages
	@selftests/vm/kernel ready source stock-6.12 stock-6.1 debug
	@selftests/check

check-quick: packages
	@selftests/vm/kernel ready source stock-6.12
	@selftests/check --quick

demo: packages
	@selftests/vm/kernel ready stock-6.12
	@selftests/demo/run

bench: packages
	@selftests/vm/kernel ready stock-6.12
	@selftests/bench/run

bench-loss: packages
	@selftests/vm/kernel ready stock-6.12
	@selftests/bench/loss_run

mutate: packages
	@selftests/mutate

.PHONY: all help kdir module userspace tests install uninstall clean packages check check-quick demo bench bench-loss mutate
