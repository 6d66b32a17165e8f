build/core/synsent_test.o: ../core/synsent_test.c ../core/script_test.h \
 kunit/test.h kunit/../../core/types.h ../core/input.h ../core/tcb.h \
 ../core/act.h ../core/seg.h ../core/types.h ../core/reasm.h \
 ../core/cong.h ../core/state.h ../core/output.h ../core/timer.h \
 ../core/user.h ../core/req.h ../core/window.h ../core/synsent.c \
 ../core/reply.h ../core/rtt.h ../core/seq.h
