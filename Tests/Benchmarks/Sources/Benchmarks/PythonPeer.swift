import Foundation

/// A Python process that does the same work as toolhost on request, and reports the time that it took.
struct PythonPeer {
    /// True if the package jsonschema is installed; without it, Python can only parse.
    let hasValidator: Bool
    /// True if the package cffi is installed; ctypes is part of Python.
    let hasCFFI: Bool

    private let process: PeerProcess

    /// Starts Python; reports it and returns nil if Python is not installed.
    ///
    /// - Parameters:
    ///   - directory: The directory for its program.
    ///   - document: The file for the measurement `document`.
    init?(in directory: URL, document: URL) throws {
        let program = directory.appending(path: "peer.py")
        try Data(Self.program.utf8).write(to: program)
        guard
            let process = try PeerProcess(URL(filePath: "/usr/bin/env"), ["python3", program.path, document.path])
        else {
            announce("The rows of Python are omitted: python3 does not start.")
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
            The rows of missing Python packages are omitted: \(missing.joined(separator: ", ")). To install them:
                python3 -m venv .build/bench/python && .build/bench/python/bin/pip install \(missing.joined(separator: " "))
            """
        )
    }

    /// Returns a batch of the work with a name in the program below.
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
        coercible = b"""\#(CheckedArguments.coercible)"""
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
            assert len(list(validator.iter_errors(json.loads(coercible)))) == 1
            work["check"] = lambda: list(validator.iter_errors(value))
            work["parse-check"] = lambda: list(validator.iter_errors(json.loads(fitting)))
            work["parse-reject"] = lambda: list(validator.iter_errors(json.loads(coercible)))

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

        # Like timeit: no garbage collection while a batch runs.
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
