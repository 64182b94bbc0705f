#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

// Where two arrays of the state begin: Swift does not import arrays of that many elements.

static inline uint8_t *isal_gathered_text(struct inflate_state *state) { return state->tmp_out_buffer; }

static inline const uint32_t *isal_short_codes(const struct inflate_state *state) {
  return state->lit_huff_code.short_code_lookup;
}
