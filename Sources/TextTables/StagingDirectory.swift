/// A directory in which a set of outputs is written, beside the place where it will be published.
///
/// The set of `output/nightly` grows in `output/.nightly.staging` and becomes visible by one rename, so a reader sees
/// the old set or the new one. Where there is an old set, the two names are exchanged and the old set is then removed.
/// A file system without exchange gets three steps: old aside to `.nightly.old`, new in, old removed; a run that died
/// between the first two is mended by the next `init`, which puts the old set back. Whatever a dead run left behind
/// under these two names is removed. The caller holds an `OutputLock`, so no living run can own them.
package struct StagingDirectory: ~Copyable {
  /// Where files are written until `publish()`.
  package let path: String
  /// For a thread that has to end the set while this one writes it.
  package let state: StagingState
  let place: StagingPlace
  private let target: String
  private let parent: String
  private let retired: String
  private let replaceable: PublishedSet
  private var isLive = true

  /// Makes the empty directory, and those above the target that are missing.
  ///
  /// An existing target must be a directory that is empty or holds nothing but a set of an earlier run: anything else is
  /// somebody's data, and publishing over it would delete that. A target that is a symbolic link to a directory is
  /// followed. `watching` gets the state before the directory is made, so that there is none that nobody could end.
  package init(
    target: OutputPath, permissions: FilePermissions = FilePermissions(), replacing replaceable: PublishedSet,
    watching watch: (StagingState) -> Void = { _ in }
  ) throws(TextTablesError) {
    try makeDirectories(target.parent, mode: permissions.directory)
    let (path, retired) = try StagingDirectory.recover(target)
    try checkReplaceable(target.path, replaceable)
    let state = StagingState(path: path)
    watch(state)
    try state.makeDirectory(mode: permissions.directory)
    self.path = path
    self.state = state
    self.retired = retired
    self.replaceable = replaceable
    parent = target.parent
    self.target = target.path
    place = StagingPlace(path: path, permissions: permissions)
  }

  /// Mends what a dead run left at a target: puts back an old set that it had moved aside, and removes the rest. The
  /// caller holds the lock. The two names that runs use beside the target are returned.
  @discardableResult
  package static func recover(_ target: OutputPath) throws(TextTablesError) -> (staging: String, retired: String) {
    let staging = target.sibling(".\(target.name).staging")
    let retired = target.sibling(".\(target.name).old")
    guard try SystemCalls.kind(of: target.parent) == .directory else { return (staging, retired) }
    try removeLeftover(staging)
    if try SystemCalls.kind(of: target.path) == .missing, try SystemCalls.kind(of: retired) == .directory {
      try SystemCalls.rename(retired, to: target.path)
    }
    try removeLeftover(retired)
    return (staging, retired)
  }

  /// The names beside a target of which a dead run left something, as the targets that it was about.
  package static func leftovers(beside target: OutputPath) throws(TextTablesError) -> [String] {
    guard try SystemCalls.kind(of: target.parent) == .directory else { return [] }
    var names: Set<String> = []
    for name in try SystemCalls.names(in: target.parent) where name.hasPrefix(".") {
      for suffix in [".staging", ".old"] where name.hasSuffix(suffix) {
        names.insert(String(name.dropFirst().dropLast(suffix.count)))
      }
    }
    return names.sorted()
  }

  /// Writes a small whole file.
  package func write(
    _ bytes: [UInt8], to relativePath: String, checksum: Bool = true
  ) throws(TextTablesError) -> FileSummary {
    var file = try BufferedFile(creating: relativePath, in: place, checksum: checksum)
    defer { file.abandon() }
    try file.append(bytes)
    return try file.finish(rows: 0)
  }

  /// Takes a file of another directory into the set as it is, under the same relative path; false where there is none.
  ///
  /// The file gets a second name, so nothing is copied, and both directories must be of one file system.
  package func adopt(_ relativePath: String, from directory: String) throws(TextTablesError) -> Bool {
    let old = joined(directory, relativePath)
    guard try SystemCalls.kind(of: old) == .other else { return false }
    try SystemCalls.link(old, to: place.prepare(relativePath))
    return true
  }

  /// Brings every file and directory to the disk and makes the set visible.
  ///
  /// On an error the old set stays, but for `.unconfirmed`: then the new set is visible, and the disk did not say that
  /// its name is safe. An old set that cannot be removed once the new one is in place is no error: the next run's `init`
  /// removes it or says why not.
  ///
  /// `exchanging: false` takes the three steps of a file system that cannot exchange.
  package consuming func publish(exchanging: Bool = true) throws(TextTablesError) {
    try synchronizeTree(path)
    guard state.beginPublishing() else {
      throw .inputOutput(path: target, action: "publish", reason: "the run was told to stop")
    }
    let old: String?
    do throws(TextTablesError) {
      old = try makeVisible(exchanging: exchanging)
    } catch {
      state.endPublishing(isPublished: false)
      throw error
    }
    state.endPublishing(isPublished: true)
    do throws(TextTablesError) {
      try SystemCalls.synchronize(parent)
    } catch {
      // Nothing of the old set is removed: a power cut could make it the published one again.
      throw .unconfirmed(path: target, reason: "\(error)")
    }
    if let old { try? removeTree(old) }
  }

  /// Gives the set its name; the path at which the old set now is, if there was one.
  private mutating func makeVisible(exchanging: Bool) throws(TextTablesError) -> String? {
    // Somebody may have put a file there since the run began.
    try checkReplaceable(target, replaceable)
    let isNew = try SystemCalls.kind(of: target) == .missing
    let isExchanged = isNew || !exchanging ? false : try SystemCalls.exchange(path, target)
    if isNew {
      try SystemCalls.rename(path, to: target)
    } else if !isExchanged {
      try SystemCalls.rename(target, to: retired)
      do throws(TextTablesError) {
        try SystemCalls.rename(path, to: target)
      } catch {
        try SystemCalls.rename(retired, to: target)
        throw error
      }
    }
    isLive = false
    return isNew ? nil : isExchanged ? path : retired
  }

  /// Removes the directory with all that was written.
  package consuming func discard() {}

  /// A set that was not published is removed; should that fail, the next run's `init` removes it.
  deinit {
    if isLive { try? removeTree(path) }
  }
}

/// Makes a directory and those above it where they are missing.
func makeDirectories(_ path: String, mode: UInt32) throws(TextTablesError) {
  if try SystemCalls.kind(of: path) != .missing { return }
  try makeDirectories(splitPath(path).parent, mode: mode)
  do throws(TextTablesError) {
    try SystemCalls.makeDirectory(path, mode: mode)
  } catch {
    // Another run may have made it in the meantime.
    guard try SystemCalls.kind(of: path) == .directory else { throw error }
  }
  // What is published in it must not lose its way there in a power cut.
  try SystemCalls.synchronize(splitPath(path).parent)
}

/// Removes a directory that a dead run left; anything else under that name was planted or is somebody's own.
private func removeLeftover(_ path: String) throws(TextTablesError) {
  switch try SystemCalls.kind(of: path) {
  case .missing: return
  case .directory:
    // It may be the old set of a run that died before the new one's name was safe: a power cut must not bring it back.
    try SystemCalls.synchronize(splitPath(path).parent)
    try removeTree(path)
  case .symbolicLink: throw .cannotCreate(path: path, reason: "a symbolic link has this name; remove it")
  case .other: throw .cannotCreate(path: path, reason: "a file has this name; remove it")
  }
}

private func checkReplaceable(_ target: String, _ replaceable: PublishedSet) throws(TextTablesError) {
  switch try SystemCalls.kind(of: target) {
  case .missing: return
  case .directory:
    guard let entry = try replaceable.foreignEntry(in: target) else { return }
    throw .cannotCreate(
      path: target,
      reason: "the directory holds \(entry), which no run has written; move it away or name another directory")
  case .symbolicLink, .other:
    throw .cannotCreate(path: target, reason: "something that is no directory has this name")
  }
}

/// Removes a directory and what is in it, also where somebody has made it read-only; links are removed, not followed.
func removeTree(_ path: String) throws(TextTablesError) {
  SystemCalls.permitRemoval(in: path)
  for name in try SystemCalls.names(in: path) {
    let entry = "\(path)/\(name)"
    if try SystemCalls.kind(of: entry) == .directory {
      try removeTree(entry)
    } else {
      try SystemCalls.removeFile(entry)
    }
  }
  try SystemCalls.removeEmptyDirectory(path)
}

/// Syncs the files first, then the directory that names them.
private func synchronizeTree(_ path: String) throws(TextTablesError) {
  for name in try SystemCalls.names(in: path) {
    let entry = "\(path)/\(name)"
    if try SystemCalls.kind(of: entry) == .directory {
      try synchronizeTree(entry)
    } else {
      try SystemCalls.synchronize(entry)
    }
  }
  try SystemCalls.synchronize(path)
}
