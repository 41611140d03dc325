public import ToolJSON

/// The documents that the references of a schema can reach: the registered ones and the metaschemas of the drafts.
///
/// ```swift
/// var documents = SchemaDocuments()
/// documents.register(["type": "string"], at: "https://example.com/city")
/// let schema = try Schema(["$ref": "https://example.com/city"], documents: documents)
/// ```
public struct SchemaDocuments: Sendable {
    private var documents: [ExactKey: JSON] = [:]

    /// Creates a set that contains only the metaschemas.
    public init() {}

    /// Registers a document under a URI and replaces an earlier one.
    ///
    /// If the document has an `$id`, it can also be reached under that, but only after a reference to `uri`.
    ///
    /// - Parameters:
    ///   - document: The schema. It is not validated before something refers to it.
    ///   - uri: An absolute URI. Its fragment is ignored.
    public mutating func register(_ document: JSON, at uri: String) {
        documents[ExactKey(URIReference(uri).withoutFragment.text)] = document
    }

    /// Returns the document at an absolute URI, or nil if there is none.
    func document(at uri: String) -> JSON? {
        documents[ExactKey(uri)] ?? Metaschema.document(at: uri)
    }
}
