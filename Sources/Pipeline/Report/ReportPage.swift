import CallModel
import Crypto
import Foundation
import TextTables

/// The report of a set of tables: one page of HTML that needs nothing from anywhere.
///
/// It is made from the files of the set alone: its manifest and its tables for programs, and the manifests of the days
/// beside it. So a run and `calltally report` make the same bytes from the same files.
struct ReportPage {
  let manifest: PublishedManifest
  let figures: ReportFigures
  /// The last days published before, with the page's own at the end; empty for a set that is not of one day.
  let days: [(day: Day, manifest: PublishedManifest)]

  /// Reads what the report is made of; `manifest` is that of the set, whose files lie in `path` and which errors call
  /// `place`.
  init(_ manifest: [UInt8], in path: String, place: String, beside: PublishedDays) throws(RunError) {
    do throws(ReportError) {
      self.manifest = try PublishedManifest(manifest, of: place)
    } catch {
      throw .report(error)
    }
    let files = self.manifest.outputs.map(\.path)
    figures = try ReportFigures(
      ReportSet(path: path, place: place, files: files), hasDays: self.manifest.days != nil)
    guard let day = self.manifest.day else {
      days = []
      return
    }
    days = beside.manifests(before: day, of: self.manifest.pipeline.name) + [(day, self.manifest)]
  }

  var bytes: [UInt8] { Array(html.markup.utf8) }

  /// What the tables are of: a day, a range of days, or whatever the archives hold.
  private var period: String {
    guard let days = manifest.days else { return "all archives read" }
    return days.first == days.last ? days.first : "\(days.first) to \(days.last)"
  }

  private var html: HTML {
    let digest = Data(SHA256.hash(data: Data(ReportStyle.css.utf8))).base64EncodedString()
    let parts = [
      campaignsPart, bridgePart, hoursPart, daysPart, openItemsPart, exceptionsPart, methodPart,
    ]
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-\(digest)'; \
      base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>\(manifest.pipeline.name), \(period): \(verdict.word)</title>
      <style>\(HTML(markup: ReportStyle.css))</style>
      </head>
      <body>
      <header>
      <p class="of">\(manifest.pipeline.name) · \(period)</p>
      \(verdictPart)
      </header>
      <nav aria-label="Contents"><ul>\(parts.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>" as HTML })</ul></nav>
      <main>
      \(parts.map(\.html))
      </main>
      <footer><p class="note">Made by calltally from the tables beside this file. Differences are always claimed less \
      counted: + means that the provider claims more than the calls add up to.</p></footer>
      </body>
      </html>

      """
  }
}

/// One part of the page, under a heading of its own.
struct ReportPart {
  let id: String
  let title: String
  var body: [HTML] = []

  var html: HTML {
    """
    <section aria-labelledby="\(id)">
    <h2 id="\(id)">\(title)</h2>
    \(body)</section>

    """
  }
}
