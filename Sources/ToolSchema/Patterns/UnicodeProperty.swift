/// An ECMAScript Unicode property, translated to PCRE2's name.
///
/// ECMAScript compares names exactly. PCRE2 would also accept `\p{greek}`, with another meaning.
struct UnicodeProperty {
    /// The text between the braces in PCRE2's syntax.
    let name: String

    /// True if the property is the complement of ``name``.
    let isComplement: Bool

    /// Parses `Name` or `Name=Value`, or returns nil if ECMAScript has no such property.
    ///
    /// Only the form of a script's name is checked, because PCRE2 knows the scripts.
    init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts.last ?? ""
        var isComplement = false
        switch (parts.count == 2 ? parts.first : nil, value) {
        case (nil, "Assigned"):
            name = "Cn"
            isComplement = true
        case (nil, _) where Self.binaryProperties.contains(value):
            name = value
        case (nil, _), ("General_Category", _), ("gc", _):
            guard let category = Self.category(value) else { return nil }
            name = category
        case ("Script", _) where Self.isScriptName(value), ("sc", _) where Self.isScriptName(value):
            name = "sc:" + value
        case ("Script_Extensions", _) where Self.isScriptName(value), ("scx", _) where Self.isScriptName(value):
            name = "scx:" + value
        default:
            return nil
        }
        self.isComplement = isComplement
    }

    private static func isScriptName(_ text: String) -> Bool {
        text.unicodeScalars.first.map { "A"..."Z" ~= $0 } == true
            && text.unicodeScalars.allSatisfy { $0.isASCIILetter || $0 == "_" }
    }

    private static func category(_ name: String) -> String? {
        let short = shortCategories[name] ?? name
        guard categories.contains(short) else { return nil }
        return short == "LC" ? "L&" : short
    }

    private static let categories: Set<String> = [
        "C", "Cc", "Cf", "Cn", "Co", "Cs", "L", "LC", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd",
        "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
    ]

    private static let shortCategories = [
        "Other": "C", "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Unassigned": "Cn", "Private_Use": "Co",
        "Surrogate": "Cs", "Letter": "L", "Cased_Letter": "LC", "Lowercase_Letter": "Ll", "Modifier_Letter": "Lm",
        "Other_Letter": "Lo", "Titlecase_Letter": "Lt", "Uppercase_Letter": "Lu", "Mark": "M", "Combining_Mark": "M",
        "Spacing_Mark": "Mc", "Enclosing_Mark": "Me", "Nonspacing_Mark": "Mn", "Number": "N", "Decimal_Number": "Nd",
        "digit": "Nd", "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P",
        "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd", "Close_Punctuation": "Pe", "Final_Punctuation": "Pf",
        "Initial_Punctuation": "Pi", "Other_Punctuation": "Po", "Open_Punctuation": "Ps", "Symbol": "S",
        "Currency_Symbol": "Sc", "Modifier_Symbol": "Sk", "Math_Symbol": "Sm", "Other_Symbol": "So", "Separator": "Z",
        "Line_Separator": "Zl", "Paragraph_Separator": "Zp", "Space_Separator": "Zs",
    ]

    /// The binary properties of ECMA-262, including their short names.
    private static let binaryProperties: Set<String> = [
        "Any", "ASCII", "ASCII_Hex_Digit", "AHex", "Alphabetic", "Alpha", "Bidi_Control", "Bidi_C", "Bidi_Mirrored",
        "Bidi_M", "Case_Ignorable", "CI", "Cased", "Changes_When_Casefolded", "CWCF", "Changes_When_Casemapped", "CWCM",
        "Changes_When_Lowercased", "CWL", "Changes_When_NFKC_Casefolded", "CWKCF", "Changes_When_Titlecased", "CWT",
        "Changes_When_Uppercased", "CWU", "Dash", "Default_Ignorable_Code_Point", "DI", "Deprecated", "Dep",
        "Diacritic", "Dia", "Emoji", "Emoji_Component", "EComp", "Emoji_Modifier", "EMod", "Emoji_Modifier_Base",
        "EBase", "Emoji_Presentation", "EPres", "Extended_Pictographic", "ExtPict", "Extender", "Ext", "Grapheme_Base",
        "Gr_Base", "Grapheme_Extend", "Gr_Ext", "Hex_Digit", "Hex", "IDS_Binary_Operator", "IDSB",
        "IDS_Trinary_Operator", "IDST", "ID_Continue", "IDC", "ID_Start", "IDS", "Ideographic", "Ideo", "Join_Control",
        "Join_C", "Logical_Order_Exception", "LOE", "Lowercase", "Lower", "Math", "Noncharacter_Code_Point", "NChar",
        "Pattern_Syntax", "Pat_Syn", "Pattern_White_Space", "Pat_WS", "Quotation_Mark", "QMark", "Radical",
        "Regional_Indicator", "RI", "Sentence_Terminal", "STerm", "Soft_Dotted", "SD", "Terminal_Punctuation", "Term",
        "Unified_Ideograph", "UIdeo", "Uppercase", "Upper", "Variation_Selector", "VS", "White_Space", "space",
        "XID_Continue", "XIDC", "XID_Start", "XIDS",
    ]
}
