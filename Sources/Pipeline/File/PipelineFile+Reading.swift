internal import Crypto
internal import Foundation
internal import Intake

extension PipelineFile {
  /// Reads a file and checks all of it.
  ///
  /// `environment` has the values of `${VAR}` and, for hashed columns, `CALLTALLY_HASH_KEY`. Throws every problem of
  /// the file at once, each with its line and column.
  package init(path: String, environment: [String: String]) throws(PipelineFileError) {
    let bytes: [UInt8]
    do throws(ErrorNumber) {
      bytes = try fileBytes(path)
    } catch {
      var failure = PipelineFileError(path: path, [.init(position: nil, message: Self.reason(for: error))])
      failure.isOfTheMachine = ![ENOENT, ENOTDIR, EACCES, EPERM, EISDIR, ELOOP, ENAMETOOLONG].contains(error.code)
      throw failure
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let valid = String(decoding: bytes, as: UTF8.self).prefix { !$0.unicodeScalars.contains("\u{FFFD}") }
      let position = FilePosition(behind: valid)
      throw PipelineFileError(path: path, [.init(position: position, message: "the file is not UTF-8 text here")])
    }
    try self.init(text: text, path: path, environment: environment)
  }

  /// Reads the text of a file; `path` is only named in errors.
  package init(text: String, path: String, environment: [String: String]) throws(PipelineFileError) {
    let document: YAMLDocument
    do {
      // Editors do not count a byte order mark, so columns do not either.
      let mark = text.unicodeScalars.first == "\u{FEFF}"
      document = try YAMLDocument(mark ? String(text.unicodeScalars.dropFirst()) : text)
    } catch {
      throw PipelineFileError(path: path, [error])
    }
    var reader = NodeReader(document, environment: environment)
    self = reader.pipelineFile(digest: hexadecimal(SHA256.hash(data: Data(text.utf8))))
    guard reader.problems.isEmpty else { throw PipelineFileError(path: path, reader.problems) }
    if !reader.remarks.isEmpty { remarks = PipelineFileError(path: path, reader.remarks).description }
  }

  /// Why a file could not be read.
  private static func reason(for error: ErrorNumber) -> String {
    switch error.code {
    case ENOENT, ENOTDIR: "there is no such pipeline file"
    case EACCES, EPERM: "the pipeline file is not readable for this user"
    case EISDIR: "the pipeline file is a directory, but must be a YAML file"
    default: "the pipeline file could not be read: \(error)"
    }
  }
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
