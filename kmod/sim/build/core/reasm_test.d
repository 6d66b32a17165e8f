build/core/reasm_test.o: ../core/reasm_test.c kunit/test.h \
 kunit/../../core/types.h ../core/reasm.c ../core/reasm.h ../core/types.h \
 ../core/seq.h
