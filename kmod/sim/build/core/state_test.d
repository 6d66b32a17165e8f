build/core/state_test.o: ../core/state_test.c kunit/test.h \
 kunit/../../core/types.h ../core/state.c ../core/state.h ../core/types.h \
 ../core/tcb.h ../core/act.h ../core/seg.h ../core/reasm.h ../core/cong.h
