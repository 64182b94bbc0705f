import CallModel

extension ReportPage {
  /// Archives that are listed; the rest of them are in the manifest.
  private static let mostInputs = 250

  var methodPart: ReportPart {
    var part = ReportPart(id: "method", title: "How it was counted")
    let names = ReportFigures.ArchiveSums.columns
    let lines = zip(names, figures.archives.lines).map { Figure("lines.\($0)", $1).html }
    let accounted = zip(names, lines).dropFirst().map { name, count -> HTML in "\(count) \(name)" }
    let sum = HTML(markup: accounted.map(\.markup).joined(separator: " + "))
    let inputs = manifest.inputs
    let rest = inputs.count - ReportPage.mostInputs
    part.body = [
      """
      <p class="sum">\(lines[0]) \(figures.archives.lines[0] == 1 ? "line" : "lines") = \(sum).</p>
      <p>Every line of every archive is in exactly one of these places. Duplicates are deliveries of the same bytes again; \
      of a conflict the first delivery counts; rejected lines are in rejects. A campaign’s difference is what its end \
      claims less what its calls add up to; expected credits are what the pipeline’s billing rule gives. Amounts are exact.\
      </p>
      <details open><summary>\(counted(Int64(inputs.count), "archive")) read\
      \(rest > 0 ? ", \(ReportPage.mostInputs) of them listed; all are in manifest.json" : "")</summary>
      <table><thead><tr><th scope="col">Archive</th><th scope="col" class="n">Lines</th><th scope="col" class="n">Bytes</th>\
      <th scope="col">CRC-32</th></tr></thead>
      <tbody>
      \(inputs.prefix(ReportPage.mostInputs).map(row))</tbody></table></details>
      <p class="note">Pipeline <bdi>\(manifest.pipeline.name)</bdi>, file with SHA-256 <span class="id">\
      \(manifest.pipeline.digest)</span>.</p>

      """
    ]
    return part
  }

  private func row(_ input: PublishedManifest.Input) -> HTML {
    let name = input.condition.replacing("_", with: " ")
    let condition: HTML =
      switch ArchiveCondition(rawValue: input.condition) {
      case .whole: ""
      case .empty, .notGzip: "<small>\(name)</small>"
      case .truncated, .corrupt, .trailingGarbage, nil: "<small class=\"bad\">✕ \(name)</small>"
      }
    return """
      <tr data-row="input" data-key="\(input.archive.cut(200))"><th scope="row"><span class="id">\(data(input.archive))</span>\
      \(condition)</th><td class="n">\(Figure("lines", input.lines).html)</td><td class="n">\
      \(Figure("bytes", input.bytes).html)</td><td><code>\(input.crc32)</code></td></tr>

      """
  }
}
