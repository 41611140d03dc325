/* What libFuzzer offers to the mutators of its targets; no toolchain ships a header for it. */
#ifndef TOOLHOST_LIBFUZZER_H
#define TOOLHOST_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

/* Changes some bytes in place, growing them to at most max_size, and returns how many there are now. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

#endif
