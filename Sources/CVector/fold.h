// The remainder of a long message by the polynomial of CRC-32, 64 bytes at a time, by multiplication without carries.
//
// A CRC is the remainder of a message, read as a polynomial over GF(2), by a fixed polynomial P. A word of the message that
// stands n bits before another can be taken out of it and added to the other, multiplied by the remainder of x^n by P.
// x86-64 processors since 2010 have the instruction for it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
typedef long long FoldWords __attribute__((vector_size(16)));
typedef long long FoldUnaligned __attribute__((vector_size(16), aligned(1), may_alias));

/// Whether this processor can fold.
static inline int fold_is_supported(void) { return __builtin_cpu_supports("pclmul"); }

/// Folds `blocks` times 64 bytes, at least one, into 64 bytes with the same remainder, which it leaves in `rest`. `crc` is
/// the register before the first byte, whose bits are in the order of gzip's CRC: the lowest is of the highest power.
__attribute__((target("pclmul"))) static inline void fold_crc32(
    uint32_t crc, const uint8_t *_Nonnull bytes, size_t blocks, uint8_t *_Nonnull rest) {
  // x^(512+32) and x^(512-32) modulo P with their bits reversed: the low and the high word of 16 bytes move by 64 bytes.
  const FoldWords powers = {0x154442bd4, 0x1c6e41596};
  const FoldUnaligned *block = (const FoldUnaligned *)bytes;
  FoldWords first = {crc, 0};
  FoldWords lanes[4] = {first ^ block[0], block[1], block[2], block[3]};
  for (size_t index = 1; index < blocks; index++) {
    block += 4;
    for (int lane = 0; lane < 4; lane++) {
      lanes[lane] = __builtin_ia32_pclmulqdq128(lanes[lane], powers, 0x00) ^
                    __builtin_ia32_pclmulqdq128(lanes[lane], powers, 0x11) ^ block[lane];
    }
  }
  for (int lane = 0; lane < 4; lane++) { ((FoldUnaligned *)rest)[lane] = lanes[lane]; }
}
#else
static inline int fold_is_supported(void) { return 0; }
static inline void fold_crc32(uint32_t crc, const uint8_t *_Nonnull bytes, size_t blocks, uint8_t *_Nonnull rest) {}
#endif
