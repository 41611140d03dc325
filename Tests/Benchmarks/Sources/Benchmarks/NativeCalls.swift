import Foundation

/// A call of a C function as a tool, beside the call in C, a call with libffi in C, and Python.
///
/// `Tests/NativeCalls` makes the calls, because the runtime is not part of the public library.
enum NativeCalls {
    static func measure(_ program: URL, beside python: PythonPeer?, into table: inout Table) throws {
        announce("Calls of C functions …")
        guard let native = try PeerProcess(program) else {
            throw BenchmarkError("\(program.path) does not start. Run Scripts/bench, which builds it.")
        }
        for (function, what) in [("ldexp", "ldexp, two numbers"), ("strlen", "strlen, a string")] {
            var contest = SideBySide()
            let bare = contest.add(batch: native.batch("\(function)-c"))
            let foreign = contest.add(batch: native.batch("\(function)-ffi"))
            let values = contest.add(batch: native.batch("\(function)-values"))
            let text = contest.add(batch: native.batch("\(function)-text"))
            let peers = python.map { python in
                ["ctypes", "cffi"].filter { $0 == "ctypes" || python.hasCFFI }.map { name in
                    (
                        name, contest.add(batch: python.batch("\(function)-\(name)")),
                        contest.add(batch: python.batch("\(function)-\(name)-text"))
                    )
                }
            }
            let results = try contest.run()
            table.add("\(what): decoded arguments", results[values], beside: results[foreign], "ffi_call in C")
            table.add("\(what): decoded arguments", results[values], beside: results[bare], "the call in C")
            for (name, peer, _) in peers ?? [] {
                table.add(
                    "\(what): decoded arguments",
                    results[values],
                    beside: results[peer],
                    "Python: \(name), a dict"
                )
            }
            for (name, _, peer) in peers ?? [] {
                table.add(
                    "\(what): JSON text to JSON text",
                    results[text],
                    beside: results[peer],
                    "Python: json.loads and \(name)"
                )
            }
            if peers == nil { table.add("\(what): JSON text to JSON text", results[text]) }
        }
    }
}
