build/sim.o: sim.c sim.h ../core/req.h ../core/seg.h ../core/types.h \
 ../core/tcb.h ../core/act.h ../core/reasm.h ../core/cong.h \
 ../core/state.h ../core/tw.h ../core/tcb.h ../core/wire.h platform.h \
 ../core/types.h
