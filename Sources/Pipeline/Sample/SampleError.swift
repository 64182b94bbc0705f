/// Why a sample could not be written.
package enum SampleError: Error, Equatable, Sendable {
  /// The number of calls is not within `SampleArchives.possibleCalls`.
  case impossibleCount(calls: Int)
  case cannotUseDirectory(path: String)
  /// The directory holds an archive already, which the sample would mix with.
  case holdsArchives(path: String, archive: String)
  case cannotWrite(path: String)
}

extension SampleError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .impossibleCount(let calls):
      "a sample cannot have \(calls) calls; ask for \(SampleArchives.possibleCalls.lowerBound)"
        + " to \(SampleArchives.possibleCalls.upperBound)"
    case .cannotUseDirectory(let path):
      "cannot make or read the directory \(path); check that it can be written and that no file has its name"
    case .holdsArchives(let path, let archive):
      "\(path) already holds \(archive); name an empty directory, so that no archive is overwritten or mixed up"
    case .cannotWrite(let path):
      "cannot write \(path); check that the disk has room and that the directory can be written"
    }
  }
}
