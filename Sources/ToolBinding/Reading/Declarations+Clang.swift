import ToolJSON

extension Declarations {
    /// Reads a syntax tree of clang (`-ast-dump=json`).
    ///
    /// - Parameter sources: The source files, for the comments beside the declarations.
    init(_ tree: JSON, sources: SourceComments) {
        var reader = SyntaxTreeReader(sources: sources)
        for node in tree["inner"]?.array ?? [] {
            guard let object = node.object else { continue }
            reader.read(object)
        }
        self = reader.declarations
        let order = reader.order
        functions = reader.functions.values.sorted { order[$0.name, default: 0] < order[$1.name, default: 0] }
    }
}
