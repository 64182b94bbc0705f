/// Replaces a small file by one rename, so that whoever reads it finds the old bytes or the new ones.
///
/// `make` gets the old bytes, nil where there are none to be had. The new ones are written to `.NAME.tmp` beside the file;
/// what a dead run left there is removed, and a link of that name is not followed.
package func replaceFile(
  _ path: String, mode: UInt32, with make: (_ old: [UInt8]?) -> [UInt8]
) throws(TextTablesError) {
  let (parent, name) = splitPath(path)
  let temporary = joined(parent, ".\(name).tmp")
  if try SystemCalls.kind(of: temporary) != .missing { try SystemCalls.removeFile(temporary) }
  let descriptor = try SystemCalls.createFile(temporary, mode: mode)
  do throws(TextTablesError) {
    do throws(TextTablesError) {
      try SystemCalls.write(make(try? SystemCalls.contents(of: path)).span, to: descriptor, path: path)
    } catch {
      SystemCalls.closeFile(descriptor)
      throw error
    }
    try SystemCalls.closeWritten(descriptor, path: path)
    try SystemCalls.synchronize(temporary)
    try SystemCalls.rename(temporary, to: path)
  } catch {
    try? SystemCalls.removeFile(temporary)
    throw error
  }
  // Its readers have the new bytes; that they outlive a power cut is not worth an error.
  try? SystemCalls.synchronize(parent)
}
