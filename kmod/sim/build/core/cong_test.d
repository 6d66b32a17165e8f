build/core/cong_test.o: ../core/cong_test.c kunit/test.h \
 kunit/../../core/types.h ../core/cong.c ../core/cong.h ../core/types.h
