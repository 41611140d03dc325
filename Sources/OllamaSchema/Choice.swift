/// The alternatives of one `anyOf` or `oneOf`.
struct Choice {
    let keyword: String
    let branches: [PlacedSchema]
    let path: String
}
