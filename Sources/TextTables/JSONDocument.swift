import FoundationEssentials

/// A small JSON file: sorted keys, indented, ending in LF, so that equal values give equal bytes.
package func jsonDocument(_ value: some Encodable) -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  guard let data = try? encoder.encode(value) else {
    preconditionFailure("texts and whole numbers are always encodable")
  }
  return Array(data) + [UInt8(ascii: "\n")]
}
