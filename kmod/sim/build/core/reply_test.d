build/core/reply_test.o: ../core/reply_test.c kunit/test.h \
 kunit/../../core/types.h ../core/reply.c ../core/reply.h ../core/seg.h \
 ../core/types.h
