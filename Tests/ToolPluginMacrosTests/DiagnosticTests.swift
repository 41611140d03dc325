import Testing

/// A source that the macros reject, with the expected diagnostic.
struct RejectedSource: Sendable, CustomTestStringConvertible {
    let source: String
    let id: String
    let token: String
    let fixes: [String]

    init(_ source: String, _ id: String, at token: String, fixes: String...) {
        (self.source, self.id, self.token, self.fixes) = (source, id, token, fixes)
    }

    var testDescription: String { "\(id): \(source)" }

    static let functions = [
        RejectedSource("@Tool var x: Int = 3", "notAFunction", at: "@Tool"),
        RejectedSource("struct S { @Tool init() {} }", "notAFunction", at: "@Tool"),
        RejectedSource("struct S { @Tool func f() {} }", "notAMethodOfASet", at: "f", fixes: "addStatic"),
        RejectedSource("extension S { @Tool func f() {} }", "notAMethodOfASet", at: "f", fixes: "addStatic"),
        RejectedSource("func g() { @Tool func f() {} }", "localFunction", at: "f"),
        RejectedSource("@Tool func f<T: ToolValue>(x: T) {}", "genericFunction", at: "<T: ToolValue>"),
        RejectedSource("struct S<T> { @Tool static func f() {} }", "genericType", at: "f"),
        RejectedSource("@ToolSet struct S { @Tool mutating func f() {} }", "mutatingMethod", at: "mutating"),
        RejectedSource("struct S { @Tool static func + (a: Int, b: Int) -> Int { 1 } }", "operatorFunction", at: "+"),
        RejectedSource("@Tool func f(x: Int) rethrows {}", "rethrowing", at: "rethrows"),
        RejectedSource("@MainActor @Tool func f() {}", "mainActor", at: "@MainActor"),
        RejectedSource("@MainActor struct S { @Tool static func f() {} }", "mainActor", at: "f"),
        RejectedSource("@Tool func f() -> (Int, Int) { (1, 2) }", "tupleType", at: "(Int, Int)"),
        RejectedSource("@Tool func f() -> () -> Int { { 1 } }", "functionType", at: "() -> Int"),
        RejectedSource("@Tool func überraschung() {}", "invalidToolName", at: "überraschung"),
        RejectedSource(#"@Tool("two words") func f() {}"#, "invalidToolName", at: #""two words""#),
        RejectedSource(#"@Tool("a\(1)") func f() {}"#, "literalText", at: #""a\(1)""#),
        RejectedSource("@Tool(name) func f() {}", "literalText", at: "name"),
        RejectedSource("@Tool(description: text) func f() {}", "literalText", at: "text"),
    ]

    static let parameters = [
        RejectedSource("@Tool func f(x: inout Int) {}", "inoutParameter", at: "inout Int"),
        RejectedSource("@Tool func f(x: Int...) {}", "variadicParameter", at: "..."),
        RejectedSource("@Tool func f(_: Int) {}", "unnamedParameter", at: "_"),
        RejectedSource("@Tool func f(x: consuming String) {}", "ownershipParameter", at: "consuming"),
        RejectedSource("@Tool func f(x: (Int, String)) {}", "tupleType", at: "(Int, String)"),
        RejectedSource("@Tool func f(x: [(a: Int, b: Int)]) {}", "tupleType", at: "(a: Int, b: Int)"),
        RejectedSource("@Tool func f(x: (Int) -> Int) {}", "functionType", at: "(Int) -> Int"),
        RejectedSource("@Tool func f(x: @escaping () -> Void) {}", "functionType", at: "() -> Void"),
        RejectedSource("@Tool func f(x: @autoclosure () -> Int) {}", "functionType", at: "() -> Int"),
        RejectedSource("@Tool func f(x: some ToolValue) {}", "opaqueType", at: "some ToolValue"),
        RejectedSource("@Tool func f(x: any ToolValue) {}", "existentialType", at: "any ToolValue"),
        RejectedSource("@Tool func f(x: Int??) {}", "nestedOptional", at: "Int??"),
        RejectedSource("@Tool func f(x: Optional<Int?>) {}", "nestedOptional", at: "Optional<Int?>"),
        RejectedSource("@Tool func f(x: Int!) {}", "unwrappedOptional", at: "Int!"),
        RejectedSource("@Tool func f(x: [Int: Int]) {}", "dictionaryKey", at: "Int"),
        RejectedSource("@Tool func f(x: Dictionary<Int, Int>) {}", "dictionaryKey", at: "Int"),
        RejectedSource("@Tool func f(x: Void) {}", "voidParameter", at: "Void"),
        RejectedSource("@Tool func f(x: ()) {}", "tupleType", at: "()"),
        RejectedSource("@Tool func f(x: ToolContext?) {}", "optionalContext", at: "ToolContext?"),
        RejectedSource("@Tool func f(@Bounds(10...1) x: Int) {}", "emptyRange", at: "10...1"),
        RejectedSource("@Tool func f(@Count(-3...3) x: [Int]) {}", "negativeCount", at: "-3...3"),
        RejectedSource("@Tool func f(@Length(...(-1)) x: String) {}", "literalConstraint", at: "@Length(...(-1))"),
        RejectedSource("@Tool func f(@Bounds(0x1F...0x10) x: Int) {}", "emptyRange", at: "0x1F...0x10"),
        RejectedSource("@Tool func f(@Bounds(low...high) x: Int) {}", "literalConstraint", at: "@Bounds(low...high)"),
        RejectedSource("@Tool func f(@Bounds(0..<3) x: Int) {}", "literalConstraint", at: "@Bounds(0..<3)"),
        RejectedSource("@Tool func f(@Pattern(text) x: String) {}", "literalConstraint", at: "@Pattern(text)"),
        RejectedSource(
            "@Tool func f(@Bounds(0...) @Bounds(...3) x: Int) {}",
            "repeatedConstraint",
            at: "@Bounds(...3)"
        ),
    ]

    /// Every constraint, with a literal that breaks it, as the default of a parameter and of a property.
    static let defaults = [
        RejectedSource("@Tool func f(@Bounds(1...3) x: Int = 7) {}", "refusedDefault", at: "7"),
        RejectedSource("@Tool func f(@Bounds(1...3) x: Int = 0) {}", "refusedDefault", at: "0"),
        RejectedSource("@Tool func f(@Bounds(1...3) x: Int? = 4) {}", "refusedDefault", at: "4"),
        RejectedSource("@Tool func f(@Bounds(1...) x: Int = -1) {}", "refusedDefault", at: "-1"),
        RejectedSource("@Tool func f(@Bounds(...3) x: UInt8 = 0x10) {}", "refusedDefault", at: "0x10"),
        RejectedSource("@Tool func f(@Bounds(0.5...1.5) x: Double = 1.75) {}", "refusedDefault", at: "1.75"),
        RejectedSource("@Tool func f(@Bounds(0...1_000) x: Int = 1_001) {}", "refusedDefault", at: "1_001"),
        RejectedSource(#"@Tool func f(@Length(2...3) x: String = "a") {}"#, "refusedDefault", at: #""a""#),
        RejectedSource(#"@Tool func f(@Length(1...) x: String = "") {}"#, "refusedDefault", at: #""""#),
        RejectedSource(#"@Tool func f(@Length(...3) x: String? = "four") {}"#, "refusedDefault", at: #""four""#),
        RejectedSource("@Tool func f(@Count(1...) x: [Int] = []) {}", "refusedDefault", at: "[]"),
        RejectedSource("@Tool func f(@Count(...2) x: [Int] = [1, 2, a]) {}", "refusedDefault", at: "[1, 2, a]"),
        RejectedSource("@Tool func f(@Count(2...) x: Set<Int> = [1, 1]) {}", "refusedDefault", at: "[1, 1]"),
        RejectedSource("@Tool func f(@Count(1...) x: [String: Int] = [:]) {}", "refusedDefault", at: "[:]"),
        RejectedSource(#"@Tool func f(@Pattern("^[a-z]+$") x: String = "A1") {}"#, "refusedDefault", at: #""A1""#),
        RejectedSource(#"@Tool func f(@Pattern("^\\d{3}$") x: String = "12") {}"#, "refusedDefault", at: #""12""#),
        RejectedSource(
            #"@Tool func f(@Length(1...9) @Pattern("^a") x: String = "bcd") {}"#,
            "refusedDefault",
            at: #""bcd""#
        ),
        RejectedSource("@ToolSchema struct S { @Bounds(1...3) var x: Int = 7 }", "refusedDefault", at: "7"),
        RejectedSource("@ToolSchema struct S { @Bounds(1...3) var x = 7 }", "refusedDefault", at: "7"),
        RejectedSource(
            #"@ToolSchema struct S { @Length(...3) var x: String? = "four" }"#,
            "refusedDefault",
            at: #""four""#
        ),
        RejectedSource("@ToolSchema struct S { @Count(1...) var x: [Int] = [] }", "refusedDefault", at: "[]"),
        RejectedSource(#"@ToolSchema struct S { @Pattern("^a$") var x = "b" }"#, "refusedDefault", at: #""b""#),
        RejectedSource("@ToolSet actor A { @Tool func f(@Bounds(1...3) x: Int = 7) {} }", "refusedDefault", at: "7"),
    ]

    /// Examples with invalid arguments.
    static let examples = [
        example("@Bounds(1...3) x: Int", #"["x": 7], result: "a""#, at: "7"),
        example("@Bounds(1...3) x: Int", #"["x": 7], error: .error"#, at: "7"),
        example("@Length(...3) x: String", #"["x": "four"], result: 1"#, at: #""four""#),
        example("@Count(1...) x: [Int]", #"["x": []], result: 1"#, at: "[]"),
        example(#"@Pattern("^a") x: String"#, #"["x": "b"], result: 1"#, at: #""b""#),
        example("x: Int", #"["x": "seven"], result: 1"#, at: #""seven""#),
        example("x: Bool?", #"["x": "maybe"], result: 1"#, at: #""maybe""#),
        example("x: Int, y: String", #"["x": 1], result: 1"#, at: #"["x": 1]"#),
        example("x: Int", "result: 1", at: "ToolExample(result: 1)"),
        example("x: [Int]", "[:], result: 1", at: "[:]"),
        example(
            "@Bounds(1...3) x: Int",
            #"ToolExample(["x": 1], result: 1), ToolExample(["x": 0], result: 1)"#,
            at: "0"
        ),
    ]

    private static func example(_ parameters: String, _ example: String, at token: String) -> RejectedSource {
        RejectedSource(
            "@Tool(examples: [ToolExample(\(example))]) func f(\(parameters)) {}",
            "refusedExample",
            at: token
        )
    }

    static let types = [
        RejectedSource("@ToolSchema class C {}", "notASchema", at: "@ToolSchema"),
        RejectedSource("@ToolSchema struct S<T> { var x: T }", "genericSchema", at: "<T>"),
        RejectedSource("@ToolSchema enum E { case a }", "enumWithoutRawType", at: "E", fixes: "addRawType"),
        RejectedSource("@ToolSchema enum E: Codable { case a }", "enumWithoutRawType", at: "E", fixes: "addRawType"),
        RejectedSource("@ToolSchema enum E: Double { case a }", "enumWithoutRawType", at: "E", fixes: "addRawType"),
        RejectedSource("@ToolSchema enum E: String { case a(Int) }", "enumWithPayload", at: "(Int)"),
        RejectedSource("@ToolSchema enum E: Int { #if A\ncase a\n#endif\ncase b }", "conditionalMember", at: "case a"),
        RejectedSource("@ToolSchema struct S { #if A\nvar a: Int\n#endif\n}", "conditionalMember", at: "var a: Int"),
        RejectedSource(
            "@ToolSet actor A { @Tool func f() {}\n#if A\n@Tool func g() {}\n#endif\n}",
            "conditionalTool",
            at: "@Tool func g() {}"
        ),
        RejectedSource("@ToolSchema struct S { var x = make() }", "untypedProperty", at: "x = make()"),
        RejectedSource("@ToolSchema struct S { var x: () -> Void }", "functionType", at: "() -> Void"),
        RejectedSource("@ToolSet enum E {}", "notASet", at: "@ToolSet"),
        RejectedSource("@ToolSet actor A<T> { @Tool func f() {} }", "genericType", at: "<T>"),
        RejectedSource(
            "@ToolSet actor A { @Tool func f(x: Int) {}; @Tool func f(y: Int) {} }",
            "overloadedName",
            at: "f"
        ),
        RejectedSource(#"@ToolSet actor A { @Tool func f() {}; @Tool("f") func g() {} }"#, "sameToolName", at: #""f""#),
        RejectedSource("@ToolSet actor A { func f() {} }", "emptySet", at: "@ToolSet"),
        RejectedSource("struct S { @ToolPlugin let p = PluginDescription() }", "notAPlugin", at: "@ToolPlugin"),
        RejectedSource("@ToolPlugin func f() {}", "notAPlugin", at: "@ToolPlugin"),
        RejectedSource("/// Text\n/// - Parameter y: Nothing\n@Tool func f(x: Int) {}", "unknownParameter", at: "f"),
    ]
}

@Suite("The diagnostics of the macros") struct DiagnosticTests {
    @Test(
        "a source that cannot be a tool is reported at the token that has to change",
        arguments:
            RejectedSource.functions + RejectedSource.parameters + RejectedSource.defaults + RejectedSource.examples
            + RejectedSource.types
    )
    func diagnostics(_ rejected: RejectedSource) {
        let expected = Expansion.Remark(id: rejected.id, token: rejected.token, fixes: rejected.fixes)
        #expect(Expansion(rejected.source).remarks.contains(expected), "\(Expansion(rejected.source).remarks)")
    }

    @Test(
        "a fix-it changes the source into one that compiles",
        arguments: [
            ("struct S { @Tool func f() {} }", "struct S { @Tool static func f() {} }"),
            ("@ToolSchema enum E { case a }", "@ToolSchema enum E: String { case a }"),
            ("@ToolSchema enum E: Codable { case a }", "@ToolSchema enum E: String, Codable { case a }"),
        ]
    )
    func fixIts(_ source: String, _ fixed: String) {
        #expect(Expansion(source).fixed == fixed)
    }

    @Test(
        "a diagnostic about an invalid value names the value and the constraint",
        arguments: [
            ("@Tool func f(@Bounds(1...3) x: Int = 7) {}", "the default value 7 is invalid: it must be at most 3"),
            (
                #"@Tool func f(@Length(2...) x: String = "a") {}"#,
                #"the default value "a" is invalid: it must have at least 2 characters"#
            ),
            (
                "@Tool func f(@Count(1...) x: [Int] = []) {}",
                "the default value [] is invalid: it must have at least 1 elements"
            ),
            (
                #"@Tool func f(@Pattern("^a") x: String = "b") {}"#,
                #"the default value "b" is invalid: it must match ^a"#
            ),
            (
                #"@Tool(examples: [ToolExample(["x": 9], result: 1)]) func f(@Bounds(1...3) x: Int) {}"#,
                "the value 9 for 'x' is invalid: it must be at most 3"
            ),
            (
                "@Tool(examples: [ToolExample(result: 1)]) func f(x: Int) {}",
                "the example omits 'x', which is required"
            ),
        ]
    )
    func invalidValues(_ source: String, _ message: String) {
        #expect(Expansion(source).messages == [message])
    }

    @Test(
        "sources that the macros support have no diagnostics",
        arguments: [
            "@ToolSchema enum E: UInt8, Codable { case a = 1 }",
            "@Tool func f(@Bounds(1...3) x: Int = 3, @Bounds(1...3) y: Int? = nil, @Bounds(0...) z: Int = limit) {}",
            "@Tool func f(@Length(...3) x: String = \"\u{1F468}\u{200D}\u{1F469}\", @Count(1...) y: [Int] = [a]) {}",
            "@Tool func f(@Count(1...) x: [Int] = make(), @Count(2...) y: Set<Int> = [a, b]) {}",
            "@Tool func f(@Pattern(\"^[a-z]+(-[a-z]+)?$\") x: String = \"a-b\", @Pattern(\"(?<!a)b\") y: String = \"x\") {}",
            "@Tool func f(@Pattern(\"^(a+)+$\") x: String = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\") {}",
            "@Tool(examples: [ToolExample([\"x\": 9], error: .invalidArguments), one]) func f(@Bounds(1...3) x: Int) {}",
            "@Tool(examples: [ToolExample([\"x\": \"2\"], result: 1), .init([key: 1], result: 1)]) func f(x: Int) {}",
            "@Tool(examples: [ToolExample(result: 1), ToolExample([:], result: 1)]) func f(x: Int = 1, y: Own, z: Int?) {}",
            "@ToolSchema struct S { #if A\nstatic let a = 1\n#endif\nvar b: Int }",
            "@Tool func f(@Length(1...20) @Pattern(\"^a\") x: String, @Bounds(1_000...2_000) y: Int) {}",
            "@MainActor struct S { @Tool nonisolated static func f() {} }",
            "@Tool func f(@Bounds(-10...10) x: Int, @Bounds(0.5...) y: Double) {}",
            "@Tool func f(x: (Int), y: [String: [Int]?], z: Set<String>, context: ToolContext) async throws -> String { \"\" }",
            "struct S { @Tool static func f() {} }",
            "@ToolSet actor A { @Tool func f() {}; @Tool func g() {} }",
            "@ToolSchema enum E: String, Codable { case a, b = \"x\" }",
            "@ToolSchema struct S { let a: Int; var b = \"\"; static let c = make(); var d: Int { 3 }; lazy var e = make() }",
        ]
    )
    func validSources(_ source: String) {
        #expect(Expansion(source).remarks == [])
    }
}
