import Testing

@testable import ToolBinding

@Suite("Comments in headers") struct CommentTextTests {
    @Test(
        "the first sentence that describes a declaration is its summary",
        arguments: [
            ("/** @brief Adds two numbers. More. */", "Adds two numbers."),
            ("/*! \\brief Adds two numbers. */", "Adds two numbers."),
            ("/// Adds two\n/// numbers, e.g. 1 and 2. More.", "Adds two numbers, e.g. 1 and 2."),
            ("/**\n * f() - Add two numbers.\n * @a: the first\n */", "Add two numbers."),
            ("/*\n * NAME\n *      f - add two numbers\n */", "add two numbers"),
            ("/** Returns \\c a plus <b>b</b>. */", "Returns a plus b."),
            ("/** @code f(1); @endcode\n * Adds. */", "Adds."),
            ("/* f.c - Adds two numbers. */", "Adds two numbers."),
            ("/* Copyright (C) 2020 Ada */", nil), ("/* ---- Adding numbers ---- */", nil), ("/** f() */", nil),
            ("/* generated */", nil), ("/* int g(int a, int b); */", nil), ("/** @file f.h\n * All. */", nil),
            ("/* the values: */", nil), ("", nil),
        ] as [(String, String?)]
    )
    func summaries(comment: String, summary: String?) {
        #expect(CommentText(comment, of: "f").summary == summary)
    }

    @Test(
        "the descriptions of parameters are read in every style",
        arguments: [
            (
                "/** Adds.\n * @param a the first\n * @param[in] b the second\n */",
                ["a": "the first", "b": "the second"]
            ),
            ("/*! Adds.\n \\param a,b A number. */", ["a": "A number.", "b": "A number."]),
            ("/** f() - Adds.\n * @a: the first\n */", ["a": "the first"]),
            ("/** Adds. @param a the first @return the sum */", ["a": "the first"]),
        ]
    )
    func parameters(comment: String, parameters: [String: String]) {
        #expect(CommentText(comment, of: "f").parameters == parameters)
    }

    @Test("a comment beside a parameter may be a single word")
    func phrases() {
        #expect(CommentText.phrase("/**< [in] first */") == "first")
        #expect(CommentText.phrase("//!< the second") == "the second")
        #expect(CommentText.phrase("/* */") == nil)
    }

    @Test("hidden characters are dropped from a description")
    func hiddenCharacters() {
        #expect("a\u{202E}b\u{200B}c\u{7}".visible == "abc")
        #expect(CommentText("/// Shows \u{202E}text.", of: "f").summary == "Shows text.")
    }

    @Test("a long sentence is cut")
    func length() {
        let text = CommentText("/// Adds " + String(repeating: "many ", count: 100), of: "f").summary
        #expect(text?.hasSuffix("\u{2026}") == true && (text?.count ?? .max) <= 302)
    }
}
