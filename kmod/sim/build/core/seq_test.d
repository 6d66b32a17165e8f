build/core/seq_test.o: ../core/seq_test.c kunit/test.h \
 kunit/../../core/types.h ../core/seq.h ../core/types.h
