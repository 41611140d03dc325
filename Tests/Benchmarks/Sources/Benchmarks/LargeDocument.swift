import Foundation
import ToolJSON

/// A document of 1 MB, like a response of a web service.
struct LargeDocument {
    /// The file that contains it.
    let file: URL
    private let bytes: [UInt8]

    init(in directory: URL) throws {
        var records: [String] = []
        var size = 0
        while size < 1_000_000 {
            let record = Self.record(records.count)
            records.append(record)
            size += record.utf8.count + 1
        }
        bytes = Array("[\(records.joined(separator: ","))]".utf8)
        file = directory.appending(path: "document.json")
        try Data(bytes).write(to: file)
    }

    func measure(beside python: PythonPeer?, into table: inout Table) throws {
        announce("Parsing a document of 1 MB …")
        let data = Data(bytes)
        let count = try JSON(parsing: bytes).array?.count
        var contest = SideBySide()
        let own = contest.add { [bytes] in try JSON(parsing: bytes).array?.count == count }
        let foundation = contest.add { try (JSONSerialization.jsonObject(with: data) as? [Any])?.count == count }
        let pythonParsing = python.map { contest.add(batch: $0.batch("document")) }
        let results = try contest.run()
        let what = "parsing a document of 1 MB"
        table.add(what, results[own], beside: results[foundation], "JSONSerialization", bytes: bytes.count)
        if let pythonParsing {
            table.add(what, results[own], beside: results[pythonParsing], "Python: json.loads", bytes: bytes.count)
        }
    }

    /// Returns a record that depends only on its index.
    private static func record(_ index: Int) -> String {
        let names = ["Ada Lovelace", "José Álvarez", "Grace Hopper", "Łukasz Żak", "Alan Turing", "王小明"]
        let places = ["New York", "São Paulo", "London", "Kraków", "Cambridge", "Taipei"]
        let notes = [
            "Delivered on time. The customer asked for a copy of the invoice by e-mail.", "",
            #"Says: \"leave it with the neighbours\".\nRing twice."#,
        ]
        let choice = index % names.count
        return """
            {"id":\(100_000 + index * 7),"name":"\(names[choice])","email":"user\(index)@mail.example.com",\
            "active":\(index % 3 != 0),"balance":\(index * 37 % 10_000).\(10 + index % 90),"manager":null,\
            "tags":["customer","tier-\(index % 4)","newsletter"],"address":{"street":"\(1 + index % 300) Main Street",\
            "city":"\(places[choice])","position":{"latitude":\(index % 90).\(1_000 + index % 9_000),\
            "longitude":-\(index % 180).\(2_000 + index % 8_000)}},"orders":[{"sku":"A-\(1_000 + index % 9_000)",\
            "quantity":\(1 + index % 12),"price":19.99},{"sku":"B-\(1_000 + index % 7_000)","quantity":1,"price":5}],\
            "note":"\(notes[index % notes.count])","updated":"2026-03-\(10 + index % 20)T08:15:30Z"}
            """
    }
}
