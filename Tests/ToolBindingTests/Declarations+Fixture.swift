@testable import ToolBinding

extension Declarations.Function {
    /// A declaration of a function.
    ///
    /// - Parameters:
    ///   - parameters: The types and names of the parameters. An empty name stands for none.
    ///   - result: The type of the result.
    static func fixture(
        _ name: String,
        parameters: [(type: String, name: String)] = [],
        result: String = "int",
        comment: String? = nil
    ) -> Declarations.Function {
        Declarations.Function(
            name: name,
            symbol: name,
            parameters: parameters.map { type, name in
                Declarations.Parameter(
                    name: name.isEmpty ? nil : name,
                    type: CType(spelled: type),
                    spelling: type
                )
            },
            result: CType(spelled: result),
            spelling: "\(result) \(name)(\(parameters.map(\.type).joined(separator: ", ")))",
            obstacle: nil,
            isPure: false,
            isInline: false,
            comment: comment
        )
    }
}
