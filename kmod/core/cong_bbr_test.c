// SPDX-License-Identifier: GPL-2.0
#include "proves_test.h"
#include "cong_bbr.c"
