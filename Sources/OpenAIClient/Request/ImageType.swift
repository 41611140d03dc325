/// The media type of an image, by its first bytes.
enum ImageType {
    /// Returns the beginning of a `data:` URL for an image in base64.
    static func dataURLPrefix(of image: [UInt8]) -> String { "data:\(mediaType(of: image));base64," }

    private static func mediaType(of image: [UInt8]) -> String {
        if image.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if image.starts(with: Array("GIF8".utf8)) { return "image/gif" }
        if image.starts(with: Array("RIFF".utf8)), image.dropFirst(8).starts(with: Array("WEBP".utf8)) {
            return "image/webp"
        }
        // Servers recognise an image by its bytes, and need some type here.
        return "image/png"
    }
}
