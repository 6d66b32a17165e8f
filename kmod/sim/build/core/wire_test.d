build/core/wire_test.o: ../core/wire_test.c kunit/test.h \
 kunit/../../core/types.h ../core/wire.c ../core/wire.h ../core/seg.h \
 ../core/types.h
