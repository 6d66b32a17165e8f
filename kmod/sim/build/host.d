build/host.o: host.c ../core/input.h ../core/tcb.h ../core/act.h \
 ../core/seg.h ../core/types.h ../core/reasm.h ../core/cong.h \
 ../core/state.h ../core/output.h ../core/reply.h ../core/seq.h \
 ../core/timer.h ../core/user.h ../core/req.h ../core/window.h sim.h \
 ../core/req.h ../core/tcb.h ../core/tw.h ../core/wire.h platform.h \
 ../core/types.h
