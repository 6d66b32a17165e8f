build/app.o: app.c ../core/seq.h ../core/types.h ../core/user.h \
 ../core/req.h ../core/seg.h ../core/tcb.h ../core/act.h ../core/reasm.h \
 ../core/cong.h ../core/state.h sim.h ../core/req.h ../core/tcb.h \
 ../core/tw.h ../core/wire.h platform.h ../core/types.h
