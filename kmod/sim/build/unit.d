build/unit.o: unit.c kunit/test.h kunit/../../core/types.h native.h \
 ../core/types.h
