import CallModel

extension Explanation {
  /// For a terminal of 80 columns; only a word that is longer itself, such as a path, makes a longer line.
  package var text: String {
    var page = Page()
    page.add("\(kind.rawValue) \(id?.visible ?? "(hidden)")")
    if !figures.isEmpty { page.add("") }
    let width = figures.map(\.name.count).max() ?? 0
    for figure in figures {
      let name = figure.name + String(repeating: " ", count: width - figure.name.count)
      let parts = [figure.how, figure.origin.map { "(\($0))" }].compactMap(\.self)
      let how = parts.isEmpty ? "" : "  = \(parts.joined(separator: " "))"
      page.add("\(name)  \(figure.value ?? "-")\(how)", indent: 2, further: width + 4)
    }
    page.add(heading: "why claimed and counted differ", unless: causes.isEmpty)
    for cause in causes {
      let examples = cause.examples.map { ": \($0)" } ?? ""
      let calls = cause.calls.map { $0 == 1 ? ", 1 call" : ", \($0) calls" } ?? ""
      page.add("\(cause.measure)  \(cause.difference)  \(cause.cause)\(calls)\(examples)", indent: 2, further: 6)
    }
    page.add(heading: "events", unless: events.isEmpty)
    for event in events {
      page.add("\(event.time ?? "(no time)")  \(event.event)  \(event.delivery.rawValue)", indent: 2)
      let says = event.says.map { "\($0.name) \($0.value ?? "-")" }
      if !says.isEmpty { page.add(says.joined(separator: ", "), indent: 6, further: 6) }
      page.add("\(event.archive):\(event.line)  \(event.eventID ?? "(hidden)")", indent: 6, further: 6)
    }
    page.add(heading: "calls to look at", unless: calls.isEmpty)
    for call in calls {
      let difference = call.creditsDifference.map { ", difference \($0)" } ?? ""
      page.add(
        "\(call.conversationID ?? "(hidden)")  \(call.settlement), credits \(call.credits ?? "-"), expected "
          + "\(call.expectedCredits ?? "-")\(difference) (\(call.origin ?? "-"))", indent: 2, further: 6)
    }
    if furtherCalls > 0 { page.add("and \(furtherCalls) more", indent: 2) }
    page.add(heading: "findings", unless: findings.isEmpty)
    for finding in findings {
      let count = finding.count > 1 || finding.message == nil ? ", \(finding.count)" : ""
      let origin = finding.origin.map { " (\($0))" } ?? ""
      page.add("\(finding.code) (\(finding.severity)\(count))", indent: 2)
      if let message = finding.message { page.add("\(message)\(origin)", indent: 6, further: 6) }
      let values = [("claimed", finding.claimed), ("counted", finding.counted), ("difference", finding.difference)]
        .compactMap { name, value in value.map { "\(name) \($0)" } }
      if !values.isEmpty { page.add(values.joined(separator: ", "), indent: 6, further: 6) }
      page.add("Meaning: \(finding.meaning)", indent: 6, further: 6)
      page.add("To do: \(finding.action)", indent: 6, further: 6)
    }
    return page.lines.joined(separator: "\n")
  }
}

/// Lines of text that are broken between words.
private struct Page {
  private static let width = 80

  private(set) var lines: [String] = []

  mutating func add(heading: String, unless isEmpty: Bool) {
    guard !isEmpty else { return }
    lines += ["", heading]
  }

  /// Adds a paragraph; spaces that stand together stay so where its line goes on.
  mutating func add(_ text: String, indent: Int = 0, further: Int = 0) {
    var line = String(repeating: " ", count: indent)
    var isEmpty = true
    var gap = ""
    for word in text.visible.split(separator: " ", omittingEmptySubsequences: false) {
      if !isEmpty, line.count + gap.count + word.count > Page.width {
        lines.append(line)
        line = String(repeating: " ", count: further)
        isEmpty = true
        gap = ""
      }
      if word.isEmpty {
        gap += " "
        continue
      }
      line += isEmpty ? "\(word)" : "\(gap)\(word)"
      isEmpty = false
      gap = " "
    }
    lines.append(line)
  }
}
