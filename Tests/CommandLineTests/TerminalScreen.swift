import Foundation

/// The rows that a terminal shows after some output, with line breaks, carriage returns, tabs, styles and wrapping.
struct TerminalScreen {
    /// All rows since the start; the screen shows the last ones.
    let allRows: [String]
    private let size: (rows: Int, columns: Int)

    init(_ text: String, rows: Int = 24, columns: Int = 80) {
        size = (rows, columns)
        var rows: [[Unicode.Scalar]] = [[]]
        var column = 0
        var isStyle = false
        for scalar in text.unicodeScalars {
            if isStyle || scalar == "\u{1B}" {
                isStyle = scalar != "m"
            } else if scalar == "\n" {
                rows.append([])
                column = 0
            } else if scalar == "\r" {
                column = 0
            } else if scalar == "\t" {
                let next = min(columns - 1, column / 8 * 8 + 8)
                rows[rows.count - 1] += Array(repeating: " ", count: max(0, next - column))
                column = next
            } else {
                let width = Self.width(scalar)
                if column + width > columns {
                    rows.append([])
                    column = 0
                }
                rows[rows.count - 1].append(scalar)
                column += width
            }
        }
        allRows = rows.map { String(String.UnicodeScalarView($0)) }
    }

    /// The rows on the screen.
    var rows: ArraySlice<String> { allRows.suffix(size.rows) }

    /// The last row on the screen that is not empty.
    var lastRow: String { rows.last { $0.contains { $0 != " " } } ?? "" }

    /// All rows, also those above the screen, that begin in the first column with a text.
    func rows(beginningWith text: String) -> [String] { allRows.filter { $0.hasPrefix(text) } }

    /// Returns the number of columns of a scalar on most terminals.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        return switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            2
        default: 1
        }
    }
}
