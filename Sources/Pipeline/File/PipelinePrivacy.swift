extension PipelineFile {
  /// What of a person's data may be shown.
  package struct Privacy: Equatable, Sendable {
    /// How columns are shown, by column name, in every table that has such a column; `transcripts` and `raw`, which are
    /// only ever dropped, stand here too.
    package var columns: [String: PrivacyRule] = [:]
    /// Whether the file says in so many words that raw rejected lines are kept (`raw: keep`).
    package var keepsRaw = false
    /// The key of hashed columns, from `CALLTALLY_HASH_KEY`; nil when no column is hashed.
    package var hashKey: String?

    package init() {}
  }

  /// What takes the place of a personal value.
  package enum PrivacyRule: String, CaseIterable, Sendable {
    /// Nothing.
    case drop
    /// The last four characters.
    case last4
    /// A keyed hash, so that equal values stay equal.
    case hash
  }
}

extension PipelineFile.Privacy {
  /// The environment variable that holds the key of hashed columns.
  static let hashKeyVariable = "CALLTALLY_HASH_KEY"

  /// The keys that `privacy` takes, each with its values, in the order of the tables.
  ///
  /// Personal values come from the provider's events, so the tables meant are those that repeat them.
  package static let allowed: [(key: String, values: [String])] = {
    let tables: [TableName] = [.calls, .transcripts, .insights, .context, .campaigns]
    var allowed: [(key: String, values: [String])] = []
    for column in tables.flatMap(\.columns) where !allowed.contains(where: { $0.key == column.name }) {
      switch column.type {
      case .text: allowed.append((column.name, PipelineFile.PrivacyRule.allCases.map(\.rawValue)))
      case .json: allowed.append((column.name, ["drop"]))
      case .integer, .decimal, .timestamp, .date: break
      }
    }
    return allowed + [("transcripts", ["drop"]), ("raw", ["drop", "keep"])]
  }()
}
