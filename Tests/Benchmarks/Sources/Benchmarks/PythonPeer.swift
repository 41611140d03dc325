import Foundation

/// A Python that does the same as toolhost when it is told to, and tells how long it took.
final class PythonPeer {
    /// Whether the package jsonschema is there, without which Python can only parse.
    let hasValidator: Bool

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts Python; `nil` where it is not installed, which is said.
    ///
    /// - Parameters:
    ///   - folder: Where its program may be written.
    ///   - document: The file for the measurement `document`.
    init?(in folder: URL, document: URL) throws {
        let program = folder.appending(path: "peer.py")
        try Data(Self.program.utf8).write(to: program)
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", program.path, document.path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard let greeting = Self.line(from: output) else {
            announce("Python's rows are left out: python3 does not run here.")
            return nil
        }
        hasValidator = greeting == "jsonschema"
        if !hasValidator {
            announce(
                """
                The rows of jsonschema, a Python package, are left out: it is not installed. To have them:
                    python3 -m venv .build/bench/python && .build/bench/python/bin/pip install jsonschema
                """
            )
        }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// One of the things that the program below can do.
    func batch(_ name: String) -> SideBySide.Batch {
        { count in
            try self.input.fileHandleForWriting.write(contentsOf: Data("\(name) \(count)\n".utf8))
            guard let line = Self.line(from: self.output), let nanoseconds = Int(line) else {
                throw BenchmarkError("Python failed at \(name).")
            }
            return .nanoseconds(nanoseconds)
        }
    }

    /// The next line that Python writes, after which it waits.
    private static func line(from pipe: Pipe) -> String? {
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let bytes = pipe.fileHandleForReading.availableData
            if bytes.isEmpty { return nil }
            line += bytes
        }
        return String(decoding: line.dropLast(), as: UTF8.self)
    }

    private static let program = #"""
        import gc, itertools, json, sys, time
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            Draft202012Validator = None

        schema = json.loads("""\#(CheckedArguments.schema)""")
        fitting = b"""\#(CheckedArguments.fitting)"""
        mendable = b"""\#(CheckedArguments.mendable)"""
        value = json.loads(fitting)
        with open(sys.argv[1], "rb") as file:
            document = file.read()
        work = {
            "parse": lambda: json.loads(fitting),
            "document": lambda: json.loads(document),
        }
        if Draft202012Validator:
            validator = Draft202012Validator(schema)
            assert not list(validator.iter_errors(value))
            assert len(list(validator.iter_errors(json.loads(mendable)))) == 1
            work["check"] = lambda: list(validator.iter_errors(value))
            work["parse-check"] = lambda: list(validator.iter_errors(json.loads(fitting)))
            work["parse-reject"] = lambda: list(validator.iter_errors(json.loads(mendable)))

            def compile_schema():
                Draft202012Validator.check_schema(schema)
                return Draft202012Validator(schema)

            work["compile"] = compile_schema

        # As timeit does it: no garbage collection while a batch runs.
        gc.disable()
        print("jsonschema" if Draft202012Validator else "json", flush=True)
        for line in sys.stdin:
            name, count = line.split()
            repeats, run = itertools.repeat(None, int(count)), work[name]
            start = time.perf_counter_ns()
            for _ in repeats:
                run()
            duration = time.perf_counter_ns() - start
            gc.collect()
            print(duration, flush=True)
        """#
}
