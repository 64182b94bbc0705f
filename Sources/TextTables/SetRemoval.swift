/// Removes the sets of earlier runs that lie in a directory under a name that `isOld`, and returns their names.
///
/// Only a directory that holds nothing but a set goes; links, files and directories with anything else in them stay. A set
/// is renamed first, so that nobody sees a part of it; what a dead run has left of one goes too. The caller holds the
/// directory's `OutputLock`. One set that cannot be removed keeps none of the others; the first failure is thrown.
package func removeSets(
  in directory: String, recognizing sets: PublishedSet, isOld: (String) -> Bool
) throws(TextTablesError) -> [String] {
  var removed: [String] = []
  var failure: TextTablesError?
  // A dot sorts before digits and letters: what is left of a set goes before the set is renamed to its place.
  for name in try SystemCalls.names(in: directory) {
    do throws(TextTablesError) {
      if try removeSet(name, in: directory, recognizing: sets, isOld: isOld) { removed.append(name) }
    } catch {
      failure = failure ?? error
    }
  }
  if let failure { throw failure }
  return removed
}

private func removeSet(
  _ name: String, in directory: String, recognizing sets: PublishedSet, isOld: (String) -> Bool
) throws(TextTablesError) -> Bool {
  let path = joined(directory, name)
  let leftover = ".staging"
  if name.hasPrefix("."), name.hasSuffix(leftover), isOld(String(name.dropFirst().dropLast(leftover.count))) {
    if try SystemCalls.kind(of: path) == .directory { try removeTree(path) }
    return false
  }
  guard isOld(name), try SystemCalls.kind(of: path) == .directory, try sets.isAll(of: path) else { return false }
  let aside = joined(directory, ".\(name)\(leftover)")
  try SystemCalls.rename(path, to: aside)
  // A power cut must not bring back the name of a set of which a part is gone.
  try SystemCalls.synchronize(directory)
  try removeTree(aside)
  return true
}
