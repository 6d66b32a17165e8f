build/check.o: check.c ../core/seq.h ../core/types.h ../core/state.h \
 ../core/window.h ../core/tcb.h ../core/act.h ../core/seg.h \
 ../core/reasm.h ../core/cong.h ../core/state.h sim.h ../core/req.h \
 ../core/tcb.h ../core/tw.h ../core/wire.h platform.h ../core/types.h
