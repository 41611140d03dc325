import ToolJSON

/// The checks of the values in a tool's parameters (defaults, constants, examples) against their own schemas.
struct ValueLint {
    private let tool: String
    private let root: JSON
    private let assertsFormats: Bool
    private(set) var findings: [SchemaFinding] = []

    init(tool: JSONObject) {
        self.tool = tool["name"]?.string ?? ""
        root = tool["parameters"] ?? [:]
        assertsFormats = tool["toolhost"]?["assertFormats"]?.bool ?? false
    }

    /// Checks all values within the limits of the lint.
    mutating func run() -> [SchemaFinding] {
        // A tool whose parameters do not compile is never offered, so it needs no findings.
        guard let program = program() else { return [] }
        var evaluator = Evaluator(program, WorkBudget(steps: LintLimits.valueSteps))
        let nodes = Dictionary(program.nodes.enumerated().map { (ExactKey($1.location), $0) }) { first, _ in first }
        var queue = [(value: root, pointer: "")]
        var position = 0
        while position < queue.count {
            let (value, pointer) = queue[position]
            position += 1
            let node = nodes[ExactKey(pointer)]
            func add(_ part: JSON, _ name: String) {
                guard part.object != nil || part.array != nil, queue.count < LintLimits.walkSteps,
                    pointer.utf8.count + name.utf8.count <= LintLimits.pathBytes
                else { return }
                queue.append((part, JSONPointer.appending(name, to: pointer)))
            }
            for (index, part) in (value.array ?? []).enumerated() { add(part, String(index)) }
            for (name, part) in value.object ?? [:] {
                guard let node, SubschemaKeyword.data.contains(name) else {
                    add(part, name)
                    continue
                }
                do throws(CheckError) {
                    try check(part, of: name, at: "\(pointer)/\(name)", node, &evaluator)
                } catch {
                    return findings
                }
            }
        }
        return findings
    }

    /// Compiles the parameters, including unreferenced definitions.
    private func program() -> SchemaProgram? {
        guard var document = root.object else { return nil }
        var references: [JSON] = []
        for keyword in ["$defs", "definitions"] {
            for (name, _) in document[keyword]?.object ?? [:] {
                references.append(["$ref": .string(Self.reference(to: name, in: keyword))])
            }
        }
        if !references.isEmpty, var properties = (document["properties"] ?? [:]).object {
            // The property refers to all definitions. No value has a property with this name.
            properties["toolhost lint"] = ["anyOf": .array(references)]
            document["properties"] = .object(properties)
        }
        return (try? Schema(.object(document), assertsFormats: assertsFormats).program)
            ?? (references.isEmpty ? nil : try? Schema(root, assertsFormats: assertsFormats).program)
    }

    private static func reference(to name: String, in keyword: String) -> String {
        var reference = "#/\(keyword)/"
        for byte in JSONPointer.escaped(name).utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            reference += isPlain || "-_.~".utf8.contains(byte) ? String(scalar) : "%" + Self.hexadecimal(byte)
        }
        return reference
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    // MARK: - Values

    private mutating func check(
        _ value: JSON,
        of keyword: String,
        at pointer: String,
        _ node: Int,
        _ evaluator: inout Evaluator
    ) throws(CheckError) {
        switch keyword {
        case "default": try check(value, .unusableDefault, "The default", at: pointer, node, &evaluator)
        case "const": try check(value, .refusedValue, "The constant", at: pointer, node, &evaluator)
        case "example": try check(value, .refusedValue, "The example", at: pointer, node, &evaluator)
        default:
            let words = keyword == "enum" ? "The enum value" : "The example"
            for (index, element) in (value.array ?? []).enumerated() {
                try check(element, .refusedValue, words, at: "\(pointer)/\(index)", node, &evaluator)
            }
        }
    }

    private mutating func check(
        _ value: JSON,
        _ rule: LintRule,
        _ words: String,
        at pointer: String,
        _ node: Int,
        _ evaluator: inout Evaluator
    ) throws(CheckError) {
        guard findings.count < LintLimits.refusedValues,
            let reason = try evaluator.refusal(of: value, at: node)
        else { return }
        let shown = "\(words) \(Words.json(value, to: 40))"
        findings.append(
            SchemaFinding(
                rule: rule,
                tool: tool,
                path: "/parameters" + pointer,
                message: "\(shown) violates its own schema: \(reason). Change one of them."
            )
        )
    }
}

extension Evaluator {
    /// Returns the reason why a node rejects a value, without a full stop, or nil if it accepts or cannot check it.
    fileprivate mutating func refusal(of value: JSON, at node: Int) throws(CheckError) -> String? {
        do throws(CheckError) {
            if try accepts(value, at: node) { return nil }
        } catch .failed {
            return nil
        }
        report = ViolationReport(limit: 1)
        defer { report = nil }
        do throws(CheckError) {
            _ = try accepts(value, at: node)
        } catch .exhausted {
            throw .exhausted
        } catch {
            // The report is full.
        }
        guard let violation = report?.violations.first else { return "the schema does not accept it" }
        return violation.path.isEmpty && violation.sent != nil
            ? "expected \(Words.shortened(violation.expected, to: 200))" : Words.shortened(violation.message, to: 300)
    }
}
