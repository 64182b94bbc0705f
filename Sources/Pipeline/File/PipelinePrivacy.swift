import CallModel
import TextTables

extension PipelineFile {
  /// What of a person's data may be shown.
  package struct Privacy: Equatable, Sendable {
    /// How columns are shown, by column name, in every table that has such a column; `transcripts` and `raw`, which are
    /// only ever dropped, stand here too.
    package var columns: [String: PrivacyRule] = [:]
    /// What the file says in so many words is kept, such as raw rejected lines (`raw: keep`), although another rule
    /// would drop it.
    package var kept: Set<String> = []
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

  /// Columns that repeat what is masked elsewhere, and so go with it unless the file says how to show them: a recording's
  /// URL mostly holds the call's id, and a document holds the names and values of its own table.
  private static let repeated: [(column: String, of: [String])] = [
    ("recording_url", ["conversation_id"]), ("context_data", ["name", "value"]), ("call_insights", ["name", "value"]),
  ]

  /// How a column is shown; nil for one that is shown as it is.
  func rule(for column: String) -> PipelineFile.PrivacyRule? {
    if let rule = columns[column] { return rule }
    let sources = Self.repeated.first { $0.column == column }?.of ?? []
    return !kept.contains(column) && sources.contains { columns[$0] != nil } ? .drop : nil
  }

  /// What a finding's claimed and counted may be shown as: the values of the column that its measure names, if one is.
  func values(of finding: Finding) -> (claimed: String?, counted: String?) {
    let masking = masking(of: finding.measure ?? "")
    return (finding.claimed.flatMap(masking.masked), finding.counted.flatMap(masking.masked))
  }

  /// Whether raw lines may be shown: they may hold anything, so any rule drops them unless the file says `raw: keep`.
  var keepsRaw: Bool { kept.contains("raw") || columns.isEmpty }

  /// The keys that `privacy` takes, each with its values, in the order of the tables.
  ///
  /// Personal values come from the provider's events, so the tables meant are those that repeat them.
  package static let allowed: [(key: String, values: [String])] = {
    let tables: [TableName] = [.calls, .transcripts, .insights, .context, .campaigns]
    var allowed: [(key: String, values: [String])] = []
    for column in tables.flatMap(\.columns) where !allowed.contains(where: { $0.key == column.name }) {
      let keep = repeated.contains { $0.column == column.name } ? ["keep"] : []
      switch column.type {
      case .text: allowed.append((column.name, PipelineFile.PrivacyRule.allCases.map(\.rawValue) + keep))
      case .json: allowed.append((column.name, ["drop"] + keep))
      case .integer, .decimal, .timestamp, .date: break
      }
    }
    return allowed + [("transcripts", ["drop"]), ("raw", ["drop", "keep"])]
  }()
}
