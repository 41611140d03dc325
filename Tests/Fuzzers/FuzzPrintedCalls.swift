import ToolJSON

@testable import ToolAgent

/// Reads any bytes as the text of a model, and those after the first zero as a document that the model has read.
///
/// Only valid calls of offered tools may run, and none that a document contains.
@c(LLVMFuzzerTestOneInput)
public func fuzzPrintedCalls(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
    let text = String(decoding: bytes[..<end], as: UTF8.self)
    let document = String(decoding: bytes[end...].dropFirst(), as: UTF8.self)
    let judge = PrintedCallJudge(isOffered: ["add", "weather"].contains, isValid: { $0.arguments["no"] == nil })
    switch judge.decision(about: text, sources: [document]) {
    case .text: break
    case .refuse(let reason): check(reason)
    case .run(let calls):
        precondition((1...PrintedCallReader.maximumCalls).contains(calls.count), "a text has too many calls")
        precondition(calls.allSatisfy { judge.isOffered($0.name) && judge.isValid($0) }, "an invalid call runs")
        for copy in [text, "x \(text)", spaced(text)] {
            guard case .refuse(let reason) = judge.decision(about: text, sources: [document, copy]) else {
                preconditionFailure("a call in a document runs")
            }
            check(reason)
        }
        for call in calls { checkAgain(call) }
    }
    return 0
}

private func check(_ reason: String) {
    precondition((40..<600).contains(reason.unicodeScalars.count), "the reason has another length")
}

/// Checks that a call is the same after it is written as JSON and read again.
private func checkAgain(_ call: PrintedCall) {
    let text = JSON.object(["name": .string(call.name), "arguments": .object(call.arguments)]).text()
    guard text.utf8.count <= PrintedCallReader.maximumBytes else { return }
    // Arguments at the maximum depth are one level too deep.
    guard let again = PrintedCallReader.reading(of: text)?.calls else { return }
    precondition(again.count == 1 && again[0].name == call.name, "another call was written")
    precondition(again[0].arguments == call.arguments, "other arguments were written")
}

/// Returns the text in lines of one letter, except that escapes and entities stay whole.
private func spaced(_ text: String) -> String {
    let isPlain = !text.unicodeScalars.contains { $0 == "\\" || $0 == "&" }
    return isPlain ? text.unicodeScalars.map { "\($0)\n" }.joined() : "\n\(text)\n"
}
