import Glibc
import ToolJSON

/// An index of tools, which finds the tools for a query by the words of their names and descriptions.
///
/// The ranking is BM25: a rare word counts more than a frequent one, and a tool whose description has many words gains less
/// from each. Definitions are untrusted, so only their first words count, and a repeated word counts little.
struct ToolIndex: Sendable {
    private struct Posting: Sendable {
        let tool: Int
        /// The number of occurrences, weighted by their places.
        let frequency: Double
    }

    private var postings: [String: [Posting]] = [:]
    /// The sum of the frequencies of each tool.
    private var lengths: [Double] = []

    /// A part of a definition: its weight, and the maximum number of words and of occurrences of one word that count.
    private struct Part {
        let weight: Double
        let words: Int
        let occurrences: Int

        static let name = Part(weight: 3, words: 16, occurrences: 1)
        static let description = Part(weight: 1, words: 96, occurrences: 2)
        static let parameterNames = Part(weight: 0.5, words: 64, occurrences: 1)
        static let parameterDescriptions = Part(weight: 0.4, words: 96, occurrences: 1)
    }

    /// The maximum number of tools that can be found.
    private static let maximumTools = 10_000
    private static let maximumParameters = 32
    private static let wordsOfParameter = 16
    private static let wordsOfQuery = 32
    /// The weight of a word of which only the beginning is the same.
    private static let prefixWeight = 0.6
    private static let shortestPrefix = 4
    private static let saturation = 1.2
    private static let lengthInfluence = 0.5

    /// Creates an index.
    ///
    /// - Parameter schemas: Ollama's function objects of the tools.
    init(_ schemas: some Sequence<JSONObject>) {
        for (tool, schema) in schemas.prefix(Self.maximumTools).enumerated() {
            let frequencies = Self.frequencies(in: schema)
            for (word, frequency) in frequencies {
                postings[word, default: []].append(Posting(tool: tool, frequency: frequency))
            }
            lengths.append(frequencies.values.reduce(0, +))
        }
    }

    private static func frequencies(in schema: JSONObject) -> [String: Double] {
        var frequencies: [String: Double] = [:]
        func add(_ words: [String], _ part: Part) {
            var counts: [String: Int] = [:]
            for word in words.prefix(part.words) {
                counts[word, default: 0] += 1
                if counts[word, default: 0] <= part.occurrences { frequencies[word, default: 0] += part.weight }
            }
        }
        func words(_ text: String?, _ limit: Int) -> [String] { SearchWords(text ?? "", limit: limit).words }
        add(words(schema["name"]?.string, Part.name.words), .name)
        add(words(schema["description"]?.string, Part.description.words), .description)
        let parameters = (schema["parameters"]?["properties"]?.object ?? [:]).prefix(maximumParameters)
        add(parameters.flatMap { words($0.key, wordsOfParameter) }, .parameterNames)
        let descriptions = parameters.flatMap { words($0.value["description"]?.string, wordsOfParameter) }
        add(descriptions, .parameterDescriptions)
        return frequencies
    }

    /// Finds tools.
    ///
    /// - Parameters:
    ///   - query: Words in any language; only the first 32 count.
    ///   - limit: The maximum number of tools.
    /// - Returns: The positions of the tools that have a word of the query, the best first.
    func tools(for query: String, limit: Int) -> [Int] {
        var scores: [Int: Double] = [:]
        let average = max(1, lengths.reduce(0, +) / Double(max(1, lengths.count)))
        for word in Set(SearchWords(query, limit: Self.wordsOfQuery).words).sorted() {
            var best: [Int: Double] = [:]
            for (list, weight) in matches(of: word) {
                let absent = Double(lengths.count - list.count)
                let rarity = log(1 + (absent + 0.5) / (Double(list.count) + 0.5))
                for posting in list {
                    let norm = 1 - Self.lengthInfluence + Self.lengthInfluence * lengths[posting.tool] / average
                    let gain = posting.frequency / (posting.frequency + Self.saturation * norm)
                    best[posting.tool] = max(best[posting.tool] ?? 0, weight * rarity * gain)
                }
            }
            for (tool, score) in best { scores[tool, default: 0] += score }
        }
        let ranked = scores.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        return ranked.prefix(limit).map(\.key)
    }

    /// Returns the tools with a word; if there are none, those with a word that begins with it or with which it begins.
    private func matches(of word: String) -> [(postings: [Posting], weight: Double)] {
        if let exact = postings[word] { return [(exact, 1)] }
        guard word.utf8.count >= Self.shortestPrefix else { return [] }
        return postings.compactMap { other, list in
            guard other.utf8.count >= Self.shortestPrefix, other.hasPrefix(word) || word.hasPrefix(other) else {
                return nil
            }
            return (list, Self.prefixWeight)
        }
    }
}
