// Questions about 16 bytes at once, which Swift's SIMD types cannot ask without a loop over their lanes.
//
// Values in, values out: no function here reads or writes memory, so all are called from Swift as safe code, and they are
// inlined into it. A block is given as its lower and its upper eight bytes, little-endian words; an answer has one bit a
// byte, the first byte's the lowest. What is compiled is SSE2 on x86-64, which every such processor has, and anything
// else's own vectors elsewhere.
#pragma once
#include <stdint.h>

typedef uint8_t VectorBytes __attribute__((vector_size(16)));
typedef int8_t VectorSigned __attribute__((vector_size(16)));
typedef uint64_t VectorWords __attribute__((vector_size(16)));

#define VECTOR_FUNCTION static inline __attribute__((always_inline, const))

VECTOR_FUNCTION VectorBytes vector_block(uint64_t low, uint64_t high) {
  VectorWords words = {low, high};
  return (VectorBytes)words;
}

/// The highest bit of each byte.
VECTOR_FUNCTION uint32_t vector_highest(VectorBytes bytes) {
#if defined(__SSE2__)
  typedef char Chars __attribute__((vector_size(16)));
  return (uint32_t)__builtin_ia32_pmovmskb128((Chars)bytes);
#else
  VectorWords bits = ((VectorWords)bytes >> 7) & 0x0101010101010101;
  VectorWords gathered = (bits * 0x0102040810204080) >> 56;
  return (uint32_t)(gathered[0] | gathered[1] << 8);
#endif
}

/// The bytes equal to `byte`.
VECTOR_FUNCTION uint32_t vector_equal(uint64_t low, uint64_t high, uint8_t byte) {
  return vector_highest((VectorBytes)(vector_block(low, high) == byte));
}

/// The bytes that end, escape or break a run of plain ASCII in a JSON string: `"`, `\`, below 0x20, above 0x7f.
VECTOR_FUNCTION uint32_t vector_plain_end(uint64_t low, uint64_t high) {
  VectorBytes bytes = vector_block(low, high);
  // As signed numbers, those above 0x7f are below 0x20 as well.
  return vector_highest((VectorBytes)((bytes == '"') | (bytes == '\\') | ((VectorSigned)bytes < 0x20)));
}

/// What a block holds that begins with the first byte of a character of a JSON string.
typedef struct {
  /// The bytes `"`, `\` and below 0x20.
  uint32_t ends;
  /// The bytes at which the block is seen not to be UTF-8: one that does not go on with a character that needs it, or that
  /// goes on with none, or that begins none; and the second one of a form that is too long, of half a surrogate pair, or of
  /// a number above U+10FFFF.
  uint32_t faults;
  /// The byte that begins a character of which the block has only a part.
  uint32_t cut;
} VectorText;

VECTOR_FUNCTION VectorText vector_text(uint64_t low, uint64_t high) {
  VectorBytes bytes = vector_block(low, high);
  VectorBytes none = {0};
  // The bytes one, two and three before each.
  VectorBytes one = __builtin_shufflevector(none, bytes, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  VectorBytes two = __builtin_shufflevector(none, bytes, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
  VectorBytes three = __builtin_shufflevector(none, bytes, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
  VectorBytes goes_on = (VectorBytes)((VectorSigned)bytes < -0x40);
  VectorBytes must_go_on = (VectorBytes)((one >= 0xc0) | (two >= 0xe0) | (three >= 0xf0));
  VectorBytes begins_none = (VectorBytes)(((bytes & 0xfe) == 0xc0) | (bytes >= 0xf5));
  VectorBytes below_a0 = (VectorBytes)((VectorSigned)bytes < -0x60);
  VectorBytes below_90 = (VectorBytes)((VectorSigned)bytes < -0x70);
  VectorBytes bad_second = ((VectorBytes)(one == 0xe0) & below_a0) | ((VectorBytes)(one == 0xed) & ~below_a0) |
                           ((VectorBytes)(one == 0xf0) & below_90) | ((VectorBytes)(one == 0xf4) & ~below_90);
  VectorBytes longest = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0xef, 0xdf, 0xbf};
  VectorText text = {
      .ends = vector_highest((VectorBytes)((bytes == '"') | (bytes == '\\') | (bytes < 0x20))),
      .faults = vector_highest((goes_on ^ must_go_on) | begins_none | bad_second),
      .cut = vector_highest((VectorBytes)(bytes > longest)),
  };
  return text;
}
