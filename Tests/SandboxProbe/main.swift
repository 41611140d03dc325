// Confines itself, does one act and prints the outcome.
//
// Usage: SandboxProbe ORDER PLUGIN OPTIONS ACT [ARGUMENT]. Standard output is the report and, in the last line, `ok` or
// the name of the error. The act `become` runs a program instead, restricted only by the options, and the act `start`
// confines the process and then starts the interpreter of the order with the remaining arguments.
//
// Usage: SandboxProbe confined ACT [ARGUMENT] does only the act, in a process that is confined already.

import CSandboxProbe
import Glibc
import ToolJSON
import ToolSandbox

private func printLine(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
}

private func printOutcome(_ outcome: Int32) {
    printLine(outcome == 0 ? "ok" : outcome < 0 ? "no such act" : String(cString: probe_error_name(outcome)))
}

private let arguments = CommandLine.arguments
if arguments.count >= 3, arguments[1] == "confined" {
    printOutcome(probe_act(arguments[2], arguments.count > 3 ? arguments[3] : "", 0))
    exit(0)
}
guard arguments.count >= 5 else {
    printLine("usage: SandboxProbe ORDER PLUGIN OPTIONS ACT [ARGUMENT]")
    exit(64)
}
// An act that hangs counts as failed.
alarm(30)
private let options = arguments[3].split(separator: ",")
private let victim = options.contains("victim") ? probe_start_victim() : 0
if options.contains("group") { setpgid(0, 0) }
if options.contains("no-landlock") || options.contains("no-filters") {
    guard probe_forget_calls(options.contains("no-landlock") ? 1 : 0, options.contains("no-filters") ? 1 : 0) == 0
    else {
        printLine("no outer filter")
        exit(70)
    }
}
if arguments[4] == "become", arguments.count > 5 {
    var words = arguments.dropFirst(5).map { strdup($0) } + [nil]
    execv(arguments[5], &words)
    printLine("\(arguments[5]) cannot be run")
    exit(71)
}
do {
    let order = try SandboxOrder(parsing: arguments[1].utf8)
    var start: ProgramStart?
    if arguments[4] == "start", let interpreter = order.interpreter {
        start = try ProgramStart(
            path: interpreter.program,
            arguments: [interpreter.program] + arguments.dropFirst(5),
            environment: ["PROBE=1"]
        )
    }
    let sandbox = try Sandbox.confine(
        order,
        plugin: arguments[2],
        start: start,
        supervise: options.contains("unsupervised") ? { _ in false } : nil
    )
    if options.contains("tighten") { try sandbox.tighten() }
    printLine(sandbox.report.json.text())
    try start?.execute()
} catch {
    printLine("\(error)")
    exit(1)
}
if arguments[4] == "probe" {
    printLine(SandboxReport.probing().json.text())
    exit(0)
}
printOutcome(probe_act(arguments[4], arguments.count > 5 ? arguments[5] : "", victim))
exit(0)
