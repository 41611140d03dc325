import Foundation
import TestSupport
import Testing
import ToolJSON

/// The descriptions in a draft, from comments and manual pages.
@Suite("Bind: descriptions", .timeLimit(.minutes(10)))
struct BindDescriptionTests {
    /// A comment with the expected description of the function `f`, or nil if it is not a description.
    struct Comment: Sendable, CustomTestStringConvertible {
        let style: String
        let text: String
        let description: String?
        /// The descriptions of the parameters `a` and `b`.
        var parameters: [String?] = [nil, nil]
        /// The declaration after the comment; `f` is a placeholder for its name.
        var declaration = "int f(int a, int b);"

        var testDescription: String { style }
    }

    private static let doxygen = [
        Comment(style: "@brief", text: "/** @brief Adds two numbers. More. */", description: "Adds two numbers."),
        Comment(style: "\\brief", text: "/*! \\brief Adds two numbers. */", description: "Adds two numbers."),
        Comment(style: "@short", text: "/** @short Adds two numbers */", description: "Adds two numbers"),
        Comment(
            style: "@brief on several lines, behind other text",
            text: "/**\n * Text before.\n *\n * @brief Adds\n *   two numbers\n *\n * @details More.\n */",
            description: "Adds two numbers"
        ),
        Comment(
            style: "@details alone",
            text: "/**\n * @details Adds two numbers.\n * @return The sum.\n */",
            description: "Adds two numbers."
        ),
        Comment(
            style: "@param",
            text:
                "/**\n * Add two numbers.\n * @param a the first number\n *   of two\n * @param[in] b the second number\n"
                + " * @return their sum\n */",
            description: "Add two numbers.",
            parameters: ["the first number of two", "the second number"]
        ),
        Comment(
            style: "\\param of two names",
            text: "/*!\n  Add two numbers.\n\n  \\param [in,out] a,b The numbers. Both.\n  \\sa add\n*/",
            description: "Add two numbers.",
            parameters: ["The numbers.", "The numbers."]
        ),
        Comment(
            style: "/// lines",
            text: "/// Adds two numbers.\n/// @param a - the first",
            description: "Adds two numbers.",
            parameters: ["the first", nil]
        ),
        Comment(style: "//! lines", text: "//! Adds two\n//! numbers.", description: "Adds two numbers."),
        Comment(
            style: "///< behind the declaration",
            text: "",
            description: "Adds two numbers.",
            declaration: "int f(int a, int b); ///< Adds two numbers."
        ),
        Comment(
            style: "/**< behind the declaration and the parameters",
            text: "",
            description: "Adds two numbers.",
            parameters: ["the first", "second"],
            declaration: "int f(int a, /**< [in] the first */\n    int b  //!< second\n); /*!< Adds two numbers. */"
        ),
        Comment(
            style: "formatting",
            text: "/** Returns \\c a plus @p b, as {@link add} does: a &lt; <b>b</b>. */",
            description: "Returns a plus b, as add does: a < b."
        ),
        Comment(
            style: "@code",
            text: "/**\n * @code\n * f(1, 2);\n * @endcode\n * Adds two numbers.\n */",
            description: "Adds two numbers."
        ),
        Comment(
            style: "@code on the line of a sentence",
            text: "/** Adds two numbers @code f(1, 2); @endcode of any size. More. */",
            description: "Adds two numbers of any size."
        ),
        Comment(
            style: "@code behind @brief",
            text: "/** @brief Adds two numbers. @code{.c} f(1, 2); @endcode */",
            description: "Adds two numbers."
        ),
        Comment(
            style: "\\code on one line",
            text: "/**\n * \\code f(1, 2);\\endcode\n * Adds two numbers.\n */",
            description: "Adds two numbers."
        ),
        Comment(
            style: "@code that ends on the line of a sentence",
            text: "/**\n * Adds two numbers. @code\n * f(1, 2);\n * g(); @endcode More.\n */",
            description: "Adds two numbers."
        ),
        Comment(
            style: "@verbatim behind @param",
            text: "/**\n * Adds two numbers.\n * @param a the first @verbatim 1 @endverbatim of two\n */",
            description: "Adds two numbers.",
            parameters: ["the first of two", nil]
        ),
        Comment(
            style: "commands on one line",
            text: "/** Adds two numbers. @param a the first @param[in] b the second \\return their sum */",
            description: "Adds two numbers.",
            parameters: ["the first", "the second"]
        ),
        Comment(
            style: "@brief and @param on one line",
            text: "/** @brief Adds two numbers. \\param a,b a number. @see g */",
            description: "Adds two numbers.",
            parameters: ["a number.", "a number."]
        ),
        Comment(style: "only @return", text: "/** @return the sum of both */", description: nil),
        Comment(style: "@file", text: "/** @file add.h\n * @brief All about sums. */", description: nil),
    ]

    private static let others = [
        Comment(
            style: "JavaDoc, first sentence",
            text: "/**\n * Adds two numbers, e.g. 1 and 2. Overflow wraps.\n */",
            description: "Adds two numbers, e.g. 1 and 2."
        ),
        Comment(
            style: "kernel-doc",
            text: "/**\n * f() - Add two numbers.\n * @a: the first\n * @b: the second\n *\n * Longer text.\n */",
            description: "Add two numbers.",
            parameters: ["the first", "the second"]
        ),
        Comment(
            style: "GTK-Doc",
            text: "/**\n * f:\n * @a: the first\n *\n * Adds two numbers.\n *\n * Returns: the sum\n */",
            description: "Adds two numbers.",
            parameters: ["the first", nil]
        ),
        Comment(
            style: "sections of a manual page",
            text: "/*\n * NAME f()\n *\n * DESCRIPTION\n *\n * Returns the sum. It wraps.\n */",
            description: "Returns the sum."
        ),
        Comment(
            style: "a manual page with a line behind its name",
            text: "/*\n * NAME\n *      f - add two numbers\n *\n * RETURN VALUE\n *      The sum.\n */",
            description: "add two numbers"
        ),
        Comment(
            style: "a mark",
            text: "/* CAPI3REF: Add Two Numbers\n** METHOD: number\n*/",
            description: "Add Two Numbers"
        ),
        Comment(style: "a plain comment", text: "// Adds two\n// numbers.", description: "Adds two numbers."),
        Comment(
            style: "a file name before a dash",
            text: "/* add.c - Adds two numbers. */",
            description: "Adds two numbers."
        ),
        Comment(
            style: "a file name on a separate line",
            text: "/* add.c\n *\n * Adds two numbers.\n */",
            description: "Adds two numbers."
        ),
        Comment(style: "a file name", text: "/* clear.c */", description: nil),
        Comment(style: "an included file", text: "/* <sys/add.h> */", description: nil),
        Comment(style: "the function's name", text: "/** f() */", description: nil),
        Comment(style: "NAME alone", text: "/*\n * NAME f()\n */", description: nil),
        Comment(style: "a single word", text: "/* generated */", description: nil),
        Comment(style: "a title between rules", text: "/* ---- Adding numbers ---- */", description: nil),
        Comment(style: "a title between stars", text: "/**** Adding numbers ****/", description: nil),
        Comment(style: "a rule", text: "/* ------------------------------- */", description: nil),
        Comment(style: "code", text: "/* int g(int a, int b); */", description: nil),
        Comment(style: "an item of a list", text: "/* -1 for everything */", description: nil),
        Comment(style: "the end of a sentence", text: "/* ...and wraps, too */", description: nil),
        Comment(style: "the start of a list", text: "/* the previous version: */", description: nil),
        Comment(
            style: "a licence",
            text: "/*\n * This file is part of sums.\n * Copyright (C) 2020 Ada\n */",
            description: nil
        ),
    ]

    /// The draft for all tests, in which `f7x` is the function with the comment at index 7.
    private static let draft: Result<Draft, any Error> = Result {
        var (header, source) = ("", "")
        for (index, comment) in (doxygen + others).enumerated() {
            let name = "f\(index)x"
            let text = comment.text.replacing("f()", with: "\(name)()").replacing(" f:", with: " \(name):")
                .replacing(" f -", with: " \(name) -")
            let declaration = comment.declaration.replacing("int f(", with: "int \(name)(")
            header += "\(text)\n\(declaration)\n\nint gap\(index);\n\n"
            source += "int \(name)(int a, int b) { return a + b; }\n"
        }
        let fixture = try BindFixture(named: "sums", header: header, source: "#include \"sums.h\"\n" + source)
        return try fixture.draft()
    }

    @Test(
        "a comment of any style is a description, unless it is a name, a title or a licence",
        arguments: doxygen + others
    )
    func comments(comment: Comment) throws {
        let index = try #require((Self.doxygen + Self.others).firstIndex { $0.style == comment.style })
        let tool = try #require(Self.draft.get().tool("f\(index)x"))
        let fallback = "The C function int f\(index)x(int, int)"
        #expect(tool["description"]?.string == comment.description ?? fallback)
        let parameters = (tool["parameters"]?.array ?? []).map { $0["description"]?.string }
        #expect(parameters == comment.parameters)
    }

    // MARK: - Manual pages

    private static let pages: [(name: String, file: String, page: String, description: String)] = [
        ("plain", "plain.3", ".SH NAME\nplain \\- add two numbers\n.SH SYNOPSIS\n", "Add two numbers"),
        ("dash", "dash.3", ".SH \"NAME\"\ndash - add two numbers\n", "Add two numbers"),
        ("em", "em.3", ".SH NAME\nem, other \\(em add \\fItwo\\fP numbers\n", "Add two numbers"),
        (
            "lines", "lines.3x", ".SH NAME\n\\fB\\%other\\fP,\n\\fB\\%lines\\fP \\-\nclear all or part of a window\n",
            "Clear all or part of a window"
        ),
        ("mdoc", "mdoc.3", ".Sh NAME\n.Nm mdoc\n.Nd add two numbers\n.Sh SYNOPSIS\n", "Add two numbers"),
        ("perl", "perl.3pm", ".SH NAME\nperl \\- not this one\n", "The C function int perl(int)"),
        ("call", "call.2", ".SH NAME\ncall \\- add two numbers\n", "Add two numbers"),
    ]

    @Test("a function without a comment has the description of its manual page")
    func manual() throws {
        let directory = try FixtureDirectory()
        for name in ["lib", "include", "share/man/man3", "share/man/man2"] { try directory.directory(name) }
        let functions = Self.pages.map { "int \($0.name)(int a)" }
        try directory.file("include/pages.h", functions.map { $0 + ";\n" }.joined().utf8)
        let library = try directory.plugin("lib/libpages.so", functions.map { $0 + " { return a; }\n" }.joined())
        for page in Self.pages {
            try directory.file("share/man/man\(page.file.contains(".2") ? 2 : 3)/\(page.file)", page.page.utf8)
        }
        var command = Command("bind", library)
        command.environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        let draft = try command.run()
        #expect(draft.status == 0, "\(draft.errors)")
        let tools = try JSON(parsing: draft.output)["tools"]?.array ?? []
        for page in Self.pages {
            let tool = tools.first { $0["name"]?.string == page.name }
            #expect(tool?["description"]?.string == page.description, "\(page.name)")
        }
    }
}
