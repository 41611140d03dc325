import TestSupport
import Testing

@testable import ToolBinding

@Suite("Manual pages") struct ManualPageTests {
    @Test(
        "the summary follows the dash of the section NAME",
        arguments: [
            (".SH NAME\nadd \\- add two numbers\n.SH SYNOPSIS\n", "Add two numbers"),
            (".SH \"NAME\"\nadd, sub \\(em add \\fItwo\\fP numbers\n", "Add two numbers"),
            (".Sh NAME\n.Nm add\n.Nd add two numbers\n", "Add two numbers"),
            (".SH DESCRIPTION\nadd - add two numbers\n", nil), ("", nil),
        ] as [(String, String?)]
    )
    func summaries(source: String, summary: String?) {
        #expect(ManualPage(source, function: "add").summary == summary)
    }

    @Test(
        "the names of parameters are in the section SYNOPSIS",
        arguments: [
            (".SH SYNOPSIS\n.BI \"double pow(double \" x \", double \" y );\n", ["x", "y"]),
            (".SH SYNOPSIS\nchar *pow(int base)\n", ["base"]), (".SH SYNOPSIS\ndouble pow(double);\n", []),
            (".SH SYNOPSIS\ndouble powf(double x);\n", []),
        ]
    )
    func parameters(source: String, names: [String]) {
        #expect(ManualPage(source, function: "pow").parameters == names)
    }

    @Test("a page is found by its function, in the plain chapter first, and through references")
    func lookup() async throws {
        let directory = try FixtureDirectory()
        try directory.directory("man3")
        let pages = [
            ("add.3", ".SH NAME\nadd \\- plain\n"), ("add.3x", ".SH NAME\nadd \\- extended\n"),
            ("sum.3", ".so man3/add.3\n"),
            ("out.3", ".so ../../etc/passwd\n"), ("perl.3pm", ".SH NAME\nperl \\- other language\n"),
        ]
        for (name, page) in pages { try directory.file("man3/\(name)", page.utf8) }
        let manual = ManualPages([directory.path], path: "/usr/bin:/bin")
        #expect(await manual.page(of: "add")?.summary == "Plain")
        #expect(await manual.page(of: "sum")?.summary == "Plain")
        #expect(await manual.page(of: "out") == nil)
        #expect(await manual.page(of: "perl") == nil)
        #expect(await manual.page(of: "none") == nil)
    }
}
