import Foundation

/// A Python that does the same as toolhost when it is told to, and tells how long it took.
struct PythonPeer {
    /// Whether the package jsonschema is there, without which Python can only parse.
    let hasValidator: Bool
    /// Whether the package cffi is there, beside the ctypes that Python always has.
    let hasCFFI: Bool

    private let process: PeerProcess

    /// Starts Python; `nil` where it is not installed, which is said.
    ///
    /// - Parameters:
    ///   - directory: Where its program may be written.
    ///   - document: The file for the measurement `document`.
    init?(in directory: URL, document: URL) throws {
        let program = directory.appending(path: "peer.py")
        try Data(Self.program.utf8).write(to: program)
        guard
            let process = try PeerProcess(URL(filePath: "/usr/bin/env"), ["python3", program.path, document.path])
        else {
            announce("Python's rows are left out: python3 does not run here.")
            return nil
        }
        self.process = process
        let packages = process.greeting.split(separator: " ")
        hasValidator = packages.contains("jsonschema")
        hasCFFI = packages.contains("cffi")
        let missing = ["jsonschema", "cffi"].filter { name in !packages.contains { $0 == name } }
        guard !missing.isEmpty else { return }
        announce(
            """
            The rows of packages of Python are left out that are not installed: \(missing.joined(separator: ", ")). To have them:
                python3 -m venv .build/bench/python && .build/bench/python/bin/pip install \(missing.joined(separator: " "))
            """
        )
    }

    /// One of the things that the program below can do.
    func batch(_ name: String) -> SideBySide.Batch { process.batch(name) }

    private static let program = #"""
        import ctypes, gc, itertools, json, sys, time
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            Draft202012Validator = None
        try:
            import cffi
        except ImportError:
            cffi = None

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

        def add_calls(name, ldexp, strlen):
            numbers_text, text_text = b'{"x": 0.75, "exponent": 4}', b'{"text": "New York"}'
            numbers, text = json.loads(numbers_text), json.loads(text_text)

            def ldexp_of(arguments):
                return ldexp(arguments["x"], arguments["exponent"])

            def strlen_of(arguments):
                return strlen(arguments["text"].encode())

            assert ldexp_of(numbers) == 12 and strlen_of(text) == 8
            work["ldexp-" + name] = lambda: ldexp_of(numbers)
            work["strlen-" + name] = lambda: strlen_of(text)
            work["ldexp-" + name + "-text"] = lambda: ldexp_of(json.loads(numbers_text))
            work["strlen-" + name + "-text"] = lambda: strlen_of(json.loads(text_text))

        library = ctypes.CDLL("libm.so.6")
        library.ldexp.argtypes, library.ldexp.restype = [ctypes.c_double, ctypes.c_int], ctypes.c_double
        library.strlen.argtypes, library.strlen.restype = [ctypes.c_char_p], ctypes.c_size_t
        add_calls("ctypes", library.ldexp, library.strlen)
        if cffi:
            interface = cffi.FFI()
            interface.cdef("double ldexp(double x, int exponent); size_t strlen(const char *text);")
            library = interface.dlopen("libm.so.6")
            add_calls("cffi", library.ldexp, library.strlen)

        # As timeit does it: no garbage collection while a batch runs.
        gc.disable()
        print("json", "jsonschema" if Draft202012Validator else "", "cffi" if cffi else "", flush=True)
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
