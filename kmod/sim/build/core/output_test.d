build/core/output_test.o: ../core/output_test.c ../core/script_test.h \
 kunit/test.h kunit/../../core/types.h ../core/input.h ../core/tcb.h \
 ../core/act.h ../core/seg.h ../core/types.h ../core/reasm.h \
 ../core/cong.h ../core/state.h ../core/output.h ../core/timer.h \
 ../core/user.h ../core/req.h ../core/window.h ../core/output.c \
 ../core/rtt.h ../core/seq.h ../core/wire.h
