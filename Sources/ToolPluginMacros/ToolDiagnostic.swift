import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxMacros

/// What the macros cannot express, and what to write instead.
enum ToolDiagnostic: String, DiagnosticMessage {
    // Functions
    case notAFunction, notAMethodOfASet, localFunction, genericFunction, genericType, mutatingMethod, operatorFunction
    case overloadedName, rethrowing, mainActor, conditionalTool
    // Parameters
    case inoutParameter, variadicParameter, unnamedParameter, ownershipParameter, tupleType, functionType
    case opaqueType, existentialType, nestedOptional, unwrappedOptional, dictionaryKey, voidParameter, optionalContext
    // Arguments of the macros
    case literalText, invalidToolName, sameToolName, notAPlugin, literalConstraint
    case repeatedConstraint, emptyRange, negativeCount
    // Types
    case notASchema, genericSchema, enumWithoutRawType, enumWithPayload, untypedProperty, conditionalMember, notASet
    case emptySet

    var message: String {
        switch self {
        case .notAFunction: "@Tool belongs to a function"
        case .notAMethodOfASet: "a method is a tool only in a type that is marked @ToolSet, unless it is static"
        case .localFunction: "a function inside of another cannot be a tool; move it out"
        case .genericFunction: "a tool cannot be generic: a model needs to know the types of its arguments"
        case .genericType: "a tool cannot stand in a generic type; move it out"
        case .mutatingMethod: "a tool cannot be mutating, as calls run side by side; make the type an actor"
        case .operatorFunction: "an operator cannot be a tool; give it a name"
        case .overloadedName: "two tools come from functions of one name, and both would be called the same; rename one"
        case .rethrowing: "a tool cannot rethrow; write throws"
        case .mainActor:
            "a plugin has no main thread of its own, and a tool on the main actor would wait for it for ever"
        case .conditionalTool: "@ToolSet does not see what stands inside of #if; put the whole type there"
        case .inoutParameter: "an argument of a tool cannot be inout; return the new value"
        case .variadicParameter: "an argument of a tool cannot be variadic; take an array"
        case .unnamedParameter: "an argument of a tool needs a name, which a model gives it by"
        case .ownershipParameter: "an argument of a tool cannot say who owns it; leave the word out"
        case .tupleType: "a tuple has no form that a model could give; use a struct that is marked @ToolSchema"
        case .functionType: "a function cannot be an argument of a tool, as a model cannot give one"
        case .opaqueType: "'some' leaves the type open, and a model needs to know it; name the type"
        case .existentialType: "'any' leaves the type open, and a model needs to know it; name the type"
        case .nestedOptional: "an optional within an optional cannot be told apart in JSON; use one"
        case .unwrappedOptional: "use an ordinary optional: a model may leave the argument out"
        case .dictionaryKey: "the keys of an object are texts; use [String: …]"
        case .voidParameter: "there is nothing that a model could give for Void; leave the parameter out"
        case .optionalContext: "a tool always has a context; write ToolContext"
        case .literalText: "this must be a plain text in quotes, as it is read when the program is compiled"
        case .invalidToolName:
            "a tool's name is a letter or underscore, then at most 63 letters, digits and underscores (a to z, 0 to 9)"
        case .sameToolName: "another tool here has this name already"
        case .notAPlugin:
            "@ToolPlugin belongs to one constant outside of any type: @ToolPlugin let weather = PluginDescription(…)"
        case .literalConstraint:
            "this must be written out (1...10, or \"^[a-z]+$\"), as it is read when the program is compiled"
        case .repeatedConstraint: "there is such a limit on this already; write one"
        case .emptyRange: "nothing can be in this range: its lower end is above its upper one"
        case .negativeCount: "a number of characters or elements cannot be negative; write a range from 0 or more"
        case .notASchema: "@ToolSchema belongs to a struct, or to an enum of texts or integers"
        case .genericSchema: "a type for arguments cannot be generic: a model needs to know all of it"
        case .enumWithoutRawType:
            "an enum for arguments needs a raw type, as its cases are given by it: String or an integer"
        case .enumWithPayload: "a case with values has no form that a model could give; use a struct"
        case .untypedProperty: "write the type: a macro sees what is written, and not what it means"
        case .conditionalMember: "@ToolSchema does not see what stands inside of #if; put the whole type there"
        case .notASet: "@ToolSet belongs to an actor, a class or a struct"
        case .emptySet: "no method here is marked @Tool"
        }
    }

    var diagnosticID: MessageID { MessageID(domain: "ToolPlugin", id: rawValue) }

    var severity: DiagnosticSeverity {
        switch self {
        case .emptySet: .warning
        default: .error
        }
    }
}

extension MacroExpansionContext {
    /// Says that a comment tells of a parameter that is not there.
    func diagnose(unknownParameter name: String, at node: some SyntaxProtocol) {
        diagnose(Diagnostic(node: node, message: UnknownParameter(name: name)))
    }

    /// Reports a written value that the schema of its argument refuses.
    ///
    /// - Parameter kind: `Default` or `Example`, for the identifier of the message.
    func diagnose(refused message: String, _ kind: String, at node: some SyntaxProtocol) {
        diagnose(Diagnostic(node: node, message: RefusedValue(message: message, kind: kind)))
    }

    /// Says what is wrong at a place in the source.
    func diagnose(_ diagnostic: ToolDiagnostic, at node: some SyntaxProtocol, _ fixes: FixIt...) {
        diagnose(Diagnostic(node: node, message: diagnostic, fixIts: fixes))
    }
}

/// A comment about a parameter that the function does not have.
private struct UnknownParameter: DiagnosticMessage {
    let name: String

    var message: String { "the comment tells of a parameter '\(name)', which the function does not have" }
    var diagnosticID: MessageID { MessageID(domain: "ToolPlugin", id: "unknownParameter") }
    var severity: DiagnosticSeverity { .warning }
}

/// A written value that its schema refuses.
private struct RefusedValue: DiagnosticMessage {
    let message: String
    let kind: String

    var diagnosticID: MessageID { MessageID(domain: "ToolPlugin", id: "refused\(kind)") }
    var severity: DiagnosticSeverity { .error }
}

/// What a change to the source would do.
private struct ToolFix: FixItMessage {
    let message: String
    let id: String

    var fixItID: MessageID { MessageID(domain: "ToolPlugin", id: id) }
}

extension FixIt {
    /// A change of one node for another.
    static func change(
        _ id: String,
        _ message: String,
        _ old: some SyntaxProtocol,
        to new: some SyntaxProtocol
    ) -> FixIt {
        FixIt(
            message: ToolFix(message: message, id: id),
            changes: [.replace(oldNode: Syntax(old), newNode: Syntax(new))]
        )
    }
}
