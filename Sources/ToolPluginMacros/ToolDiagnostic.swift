import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxMacros

/// The diagnostics of the macros, each with its remedy.
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
        case .notAFunction: "@Tool can only be applied to a function"
        case .notAMethodOfASet: "an instance method can be a tool only in a type marked @ToolSet"
        case .localFunction: "a tool cannot be a local function; move it to file scope or into a type"
        case .genericFunction: "a tool cannot be generic, because the model needs to know the types of its arguments"
        case .genericType: "a tool cannot be in a generic type; move it out"
        case .mutatingMethod: "a tool cannot be mutating, because calls run concurrently; make the type an actor"
        case .operatorFunction: "a tool cannot be an operator; use a function with a name"
        case .overloadedName: "tools cannot be overloaded, because they would have the same name; rename one"
        case .rethrowing: "a tool cannot rethrow; use throws"
        case .mainActor: "a tool cannot be on the main actor, because a plugin has no main thread"
        case .conditionalTool: "@ToolSet cannot see tools inside #if; put the whole type inside #if"
        case .inoutParameter: "an argument of a tool cannot be inout; return the new value"
        case .variadicParameter: "an argument of a tool cannot be variadic; use an array"
        case .unnamedParameter: "an argument of a tool needs a name"
        case .ownershipParameter: "an argument of a tool cannot have an ownership modifier; remove it"
        case .tupleType: "a tool cannot use tuples, because JSON has none; use a struct marked @ToolSchema"
        case .functionType: "a tool cannot use functions as values, because JSON has none"
        case .opaqueType: "a tool cannot use 'some', because the model needs to know the type; use a concrete type"
        case .existentialType:
            "a tool cannot use 'any', because the model needs to know the type; use a concrete type"
        case .nestedOptional: "an argument of a tool cannot be a nested optional, because JSON has one null"
        case .unwrappedOptional:
            "an argument of a tool cannot be implicitly unwrapped, because it may be missing; use ?"
        case .dictionaryKey: "the keys of a dictionary must be strings, as in JSON; use [String: …]"
        case .voidParameter: "an argument of a tool cannot be Void; remove the parameter"
        case .optionalContext: "the context of a call is never nil; use ToolContext"
        case .literalText:
            "this must be a string literal without interpolation, because the macro reads it at compile time"
        case .invalidToolName:
            "the name of a tool must be a letter or underscore, then at most 63 letters, digits and underscores (ASCII)"
        case .sameToolName: "another tool of this type has the same name"
        case .notAPlugin:
            "@ToolPlugin can only be applied to a constant at file scope: @ToolPlugin let weather = PluginDescription(…)"
        case .literalConstraint:
            "this must be a literal (1...10, or \"^[a-z]+$\"), because the macro reads it at compile time"
        case .repeatedConstraint: "this argument has another constraint of the same kind; remove one"
        case .emptyRange: "the range is empty: its lower bound is above its upper bound"
        case .negativeCount: "a number of characters or elements must not be negative"
        case .notASchema: "@ToolSchema can only be applied to a struct, or to an enum of strings or integers"
        case .genericSchema:
            "a type for arguments cannot be generic, because the model needs to know all of its properties"
        case .enumWithoutRawType: "an enum for arguments needs a raw type: String or an integer type"
        case .enumWithPayload: "an enum for arguments cannot have associated values; use a struct"
        case .untypedProperty: "the property needs a type annotation, because the macro cannot infer its type"
        case .conditionalMember: "@ToolSchema cannot see members inside #if; put the whole type inside #if"
        case .notASet: "@ToolSet can only be applied to an actor, a class or a struct"
        case .emptySet: "no method of this type is marked @Tool"
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
    /// Warns about a comment that describes a parameter that the function does not have.
    func diagnose(unknownParameter name: String, at node: some SyntaxProtocol) {
        diagnose(Diagnostic(node: node, message: UnknownParameter(name: name)))
    }

    /// Reports a literal that is invalid according to the schema of its argument.
    ///
    /// - Parameter kind: `Default` or `Example`, part of the identifier of the message.
    func diagnose(invalidValue message: String, _ kind: String, at node: some SyntaxProtocol) {
        diagnose(Diagnostic(node: node, message: InvalidValue(message: message, kind: kind)))
    }

    /// Reports a diagnostic at a node.
    func diagnose(_ diagnostic: ToolDiagnostic, at node: some SyntaxProtocol, _ fixes: FixIt...) {
        diagnose(Diagnostic(node: node, message: diagnostic, fixIts: fixes))
    }
}

/// The warning about a comment that describes a parameter that the function does not have.
private struct UnknownParameter: DiagnosticMessage {
    let name: String

    var message: String { "the comment describes a parameter '\(name)', which the function does not have" }
    var diagnosticID: MessageID { MessageID(domain: "ToolPlugin", id: "unknownParameter") }
    var severity: DiagnosticSeverity { .warning }
}

/// The error about a literal that is invalid according to its schema.
private struct InvalidValue: DiagnosticMessage {
    let message: String
    let kind: String

    var diagnosticID: MessageID { MessageID(domain: "ToolPlugin", id: "refused\(kind)") }
    var severity: DiagnosticSeverity { .error }
}

/// The description of a fix-it.
private struct ToolFix: FixItMessage {
    let message: String
    let id: String

    var fixItID: MessageID { MessageID(domain: "ToolPlugin", id: id) }
}

extension FixIt {
    /// Creates a fix-it that replaces a node.
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
