/// The formats that JSON Schema defines for strings (draft 2020-12, validation, section 7.3).
///
/// Each check reads its string once, from left to right.
enum Format: String, CaseIterable {
    case dateTime = "date-time"
    case date
    case time
    case duration
    case email
    case internationalEmail = "idn-email"
    case hostname
    case internationalHostname = "idn-hostname"
    case ipv4
    case ipv6
    case uri
    case uriReference = "uri-reference"
    case iri
    case iriReference = "iri-reference"
    case uuid
    case uriTemplate = "uri-template"
    case jsonPointer = "json-pointer"
    case relativeJSONPointer = "relative-json-pointer"
    case regex

    /// Creates the format with a name, or returns nil if JSON Schema defines none.
    init?(named name: String) {
        self.init(rawValue: name)
    }

    /// Returns the cost of checking a string, in steps of a `WorkBudget`.
    func work(for text: String) -> Int {
        // Compiling a pattern costs more than reading it.
        self == .regex ? 64 + 2 * text.utf8.count : 8 + text.utf8.count
    }

    /// Returns true if a string has this format.
    func accepts(_ text: String) -> Bool {
        let scalars = text.unicodeScalars[...]
        return switch self {
        case .dateTime: DateTimeFormats.isDateTime(scalars)
        case .date: DateTimeFormats.isDate(scalars)
        case .time: DateTimeFormats.isTime(scalars)
        case .duration: DateTimeFormats.isDuration(scalars)
        case .email: EmailFormats.isAddress(scalars, international: false)
        case .internationalEmail: EmailFormats.isAddress(scalars, international: true)
        case .hostname: HostnameFormats.isHostname(scalars)
        case .internationalHostname: HostnameFormats.isInternationalHostname(scalars)
        case .ipv4: AddressFormats.isIPv4(scalars)
        case .ipv6: AddressFormats.isIPv6(scalars)
        case .uri: URIFormats(international: false).isAbsolute(scalars)
        case .uriReference: URIFormats(international: false).isReference(scalars)
        case .iri: URIFormats(international: true).isAbsolute(scalars)
        case .iriReference: URIFormats(international: true).isReference(scalars)
        case .uuid: IdentifierFormats.isUUID(scalars)
        case .uriTemplate: URITemplateFormat.accepts(scalars)
        case .jsonPointer: IdentifierFormats.isJSONPointer(scalars)
        case .relativeJSONPointer: IdentifierFormats.isRelativeJSONPointer(scalars)
        case .regex: IdentifierFormats.isRegularExpression(text)
        }
    }
}
