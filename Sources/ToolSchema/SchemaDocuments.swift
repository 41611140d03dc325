public import ToolJSON

/// The documents that a schema's references may reach: those registered here, and the metaschemas of the drafts.
public struct SchemaDocuments: Sendable {
    private var documents: [ExactKey: JSON] = [:]

    /// The metaschemas alone.
    public init() {}

    /// Makes a document known under a URI.
    ///
    /// A document that has an `$id` of its own is known under that as well, once something has referred to it.
    ///
    /// - Parameters:
    ///   - document: The schema.
    ///   - uri: An absolute URI; a fragment is left out.
    public mutating func register(_ document: JSON, at uri: String) {
        documents[ExactKey(URIReference(uri).withoutFragment.text)] = document
    }

    /// The document of that absolute URI, if there is one.
    func document(at uri: String) -> JSON? {
        documents[ExactKey(uri)] ?? Metaschema.document(at: uri)
    }
}
