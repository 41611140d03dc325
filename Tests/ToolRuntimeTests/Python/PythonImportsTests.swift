import Testing

@testable import ToolRuntime

@Suite("The imports of a Python file")
struct PythonImportsTests {
    @Test(
        "the first name of each import is found",
        arguments: [
            ("import a", "a"), ("import a.b.c", "a"), ("import a, b as x, c.d as y, e", "a b c e"),
            ("from a import b", "a"), ("from a.b import (c,\n  d)", "a"), ("from a import *", "a"),
            ("import  a ,\tb", "a b"), ("import a \\\n  , b", "a b"), ("import \\\r\n a", "a"),
            ("from\ta import b", "a"),
            ("if x: import a", "a"), ("x = 1; import a; from b import c", "a b"),
            ("try:\n\timport a\nexcept: import b", "a b"),
            ("\u{FEFF}import a", "a"), ("\u{0C}import a", "a"), ("import größe_1", "größe_1"),
            ("import a\r\nimport b", "a b"),
            ("import a . b, c", "a c"), ("'''\nimport a\n'''", "a"), ("import a # and\nimport b", "a b"),
        ]
    )
    func found(text: String, names: String) {
        #expect(PythonImports(in: Array(text.utf8)).names == Set(names.split(separator: " ").map(String.init)))
    }

    @Test(
        "text that does not begin like an import is ignored",
        arguments: [
            "", "imports", "importa b", "import", "from", "x.import a", "yield from a", "raise E from a", "# import a",
            "from . import a", "from .a import b", "from.a import b", "import 'a'", "import (a)", "x = import_a",
        ]
    )
    func ignored(text: String) { #expect(PythonImports(in: Array(text.utf8)).names.isEmpty) }

    @Test("a large text is scanned in linear time")
    func large() {
        for piece in ["import a,", "from ", "import \\\n", "import a as ", ":import a."] {
            let text = Array(String(repeating: piece, count: (4 << 20) / piece.utf8.count).utf8)
            #expect(PythonImports(in: text).names.count <= 3)
        }
    }
}
