import CallModel
import Crypto
import Intake
import Tally
import TextTables

/// All that the tables of some days are made of, but for the rows that are written while archives are read.
struct DayContent {
  let days: RunDays
  /// With the findings that are known before anything is written.
  let small: SmallTables
  let order: CallOrder
  let control: ControlTotals
  let openItems: OpenItemsLedger

  /// Tables that the calls decide alone.
  private static let ofCalls: Set<TableName> = [.totals, .finance, .disputes, .restatements]

  /// SHA-256 of everything that the published bytes hang on, in hexadecimal; to be asked of books that are not whole, so
  /// that a day that is as it was need not be read. `print` is that of the days' calls.
  ///
  /// It holds no place in the run's archives but by path and line, so that two windows that tell a day alike agree.
  func digest(_ file: PipelineFile, print: CallPrint) -> String {
    var hash = SHA256()
    var text: [UInt8] = []
    func add(_ part: String) {
      text.append(contentsOf: part.utf8)
      text.append(0)
    }
    add("4")
    add(file.digest)
    add(file.output.directory)
    // Without showing anything of a key: what it makes of a text.
    add(file.privacy.hashKey.map { _ in file.privacy.probe } ?? "")
    for archive in control.archives {
      add(archive.path)
      add("\(archive.summary.crc) \(archive.summary.bytes) \(archive.lines.lines)")
    }
    var complete = small
    complete.findings.sort { $0.precedes($1) }
    // Events that came late change hours more often than anything else; what is missing in them is among the findings.
    let isHidden = { (table: TableName) in table == .hours && !file.output.tables.contains { $0.table == .hours } }
    for table in TableName.allCases where !DayContent.ofCalls.contains(table) && !isHidden(table) {
      for cell in (complete.rows(of: table) ?? []).joined() { add(cell.plainText) }
      hash.update(data: text)
      text.removeAll(keepingCapacity: true)
    }
    // Of its four lines the items of the day tell only the last one.
    for sums in [openItems.opening, openItems.new, openItems.closed] {
      add("\(sums.items) \(sums.seconds) \(sums.expectedCredits.millionths)")
    }
    for lane in 0..<4 { add("\(print.lanes[lane])") }
    hash.update(data: text)
    return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension Cell {
  /// Unlike for unlike cells of a column.
  fileprivate var plainText: String {
    switch self {
    case .null: "-"
    case .text(let value): "\"\(value)"
    case .integer(let value): "\(value)"
    case .decimal(let value): value.description
    case .timestamp(let value): value.description
    case .date(let value): value.description
    }
  }
}

extension PipelineFile.Privacy {
  /// What the key of hashes makes of a text that nobody's data is.
  fileprivate var probe: String {
    var hashing = self
    hashing.columns = ["conversation_id": .hash]
    return hashing.masking(of: "conversation_id").masked("calltally") ?? ""
  }
}
