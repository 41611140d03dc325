import Foundation
import TestSupport
import ToolJSON

/// A library made here, with its header, and runs of `toolhost bind` over it.
struct BindFixture {
    let directory: FixtureDirectory
    /// The library's path.
    let library: String

    /// The shapes: one function for everything that headers tell, or leave open.
    init() throws {
        try self.init(named: "shapes", header: Self.header, source: Self.source)
    }

    /// - Parameter source: Includes the header.
    init(named name: String, header: String, source: String) throws {
        directory = try FixtureDirectory()
        try directory.file("\(name).h", header.utf8)
        library = try directory.plugin("lib\(name).so", source, flags: ["-w", "-I", directory.path])
    }

    /// A run in the environment that has a clang.
    func command(_ arguments: String...) -> Command {
        var command = Command()
        command.arguments = arguments
        command.environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        return command
    }

    /// The draft of the library, and what became of each function.
    func draft(_ arguments: String...) throws -> Draft {
        let file = "\(directory.path)/draft.tool.json"
        var command = command("bind", library)
        command.arguments += arguments + ["-o", file, "--force", "--json"]
        let result = try command.run()
        guard result.status == 0 else { throw Command.Failure(description: result.errors) }
        return Draft(
            file: file,
            content: try JSON(parsing: Data(contentsOf: URL(filePath: file))),
            report: try result.json
        )
    }
}

/// A binding that was drafted.
struct Draft {
    let file: String
    let content: JSON
    /// What `--json` printed.
    let report: JSON

    func tool(_ name: String) -> JSON? { content["tools"]?.array?.first { $0["name"]?.string == name } }

    func questions(_ name: String) -> [String] {
        (tool(name)?["undecided"]?.array ?? []).compactMap(\.string)
    }

    /// Why a function was refused.
    func refusal(_ name: String) -> String? {
        report["refused"]?.array?.first { $0["name"]?.string == name }?["reason"]?.string
    }
}

extension JSON {
    /// The value without any member of that name.
    func removing(_ name: String) -> JSON {
        if let object {
            return .object(JSONObject(object.filter { $0.key != name }.map { ($0.key, $0.value.removing(name)) }))
        }
        return array.map { .array($0.map { $0.removing(name) }) } ?? self
    }
}

extension BindFixture {
    private static let header = """
        #include <stdarg.h>
        #include <stddef.h>
        #include <stdint.h>
        enum color { RED, GREEN = 5, BLUE };
        typedef enum { OFF = -1, ON = 1 << 2 } mode;
        typedef struct { double x, y; } point;
        typedef struct { const char *name; int age; } person;
        typedef struct counter counter;
        typedef const char *name_t;
        typedef unsigned char byte_t;
        union either { int i; float f; };

        /* Add two whole numbers.  Nothing else happens. */
        int64_t add(int64_t __a, int32_t b);
        // Says what a color
        // is called.
        const char *color_name(enum color color);
        mode flip(mode m);
        int fame(name_t name);
        name_t nickname(int index);
        double length(point p);
        _Bool negate(_Bool value);
        unsigned short narrow(unsigned char a, short b, unsigned long c, float d);
        void nothing(void);

        counter *counter_new(int start);  /* an end of a line describes no other line */
        int counter_next(counter *counter /* the one to move on */);
        void counter_free(counter *c);

        int divide(int a, int b, int *quotient);
        /**
         * @brief The sum of an array. And more.
         */
        long total(const int *values, size_t count);
        unsigned checksum(const byte_t *data, size_t length);
        void greet(char *buffer, size_t size);
        void each(int (*visit)(int), int times);
        char *copy(const char *text);
        void free_text(const char *text);
        void put_point(const point *p);
        void get_point(point *p);
        int age(person *p);
        int open_counter(const char *name, counter **result);
        double after(double);
        /* What stands below a declaration describes it where nothing stands above. */

        int print(const char *format, ...);
        int vprint(const char *format, va_list list);
        void quit(int code) __attribute__((noreturn));
        long double precise(long double x);
        union either choose(int which);
        void *raw(int size);
        int _internal(int a);
        int hidden(int a);
        """

    private static let source = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include "shapes.h"
        struct counter { int value; };
        int64_t add(int64_t a, int32_t b) { return a + b; }
        const char *color_name(enum color c) { return c == RED ? "red" : c == GREEN ? "green" : "blue"; }
        int fame(name_t name) { return name[-1]; }
        name_t nickname(int index) { return index ? "a" : "b"; }
        mode flip(mode m) { return m == ON ? OFF : ON; }
        double length(point p) { return p.x * p.x + p.y * p.y; }
        _Bool negate(_Bool value) { return !value; }
        unsigned short narrow(unsigned char a, short b, unsigned long c, float d) { return a + b + c + d; }
        void nothing(void) {}
        counter *counter_new(int start) {
            counter *c = start < 0 ? NULL : malloc(sizeof *c);
            if (c) c->value = start;
            return c;
        }
        int counter_next(counter *c) { return ++c->value; }
        void counter_free(counter *c) { free(c); }
        int divide(int a, int b, int *quotient) { return b == 0 ? 7 : (*quotient = a / b, 0); }
        long total(const int *v, size_t n) { long t = 0; for (size_t i = 0; i < n; i++) t += v[i]; return t; }
        unsigned checksum(const byte_t *d, size_t n) { unsigned s = 0; while (n--) s += *d++; return s; }
        void greet(char *buffer, size_t size) { snprintf(buffer, size, "hello"); }
        void each(int (*visit)(int), int times) { for (int i = 0; i < times; i++) visit(i); }
        char *copy(const char *text) { return strdup(text); }
        void free_text(const char *text) { free((void *)text); }
        void put_point(const point *p) { (void)p; }
        void get_point(point *p) { p->x = 1; p->y = 2; }
        int age(person *p) { return p->age; }
        int open_counter(const char *name, counter **result) { *result = counter_new(strlen(name)); return 0; }
        double after(double x) { return x; }
        int print(const char *format, ...) { return *format; }
        int vprint(const char *format, va_list list) { (void)list; return *format; }
        void quit(int code) { exit(code); }
        long double precise(long double x) { return x; }
        union either choose(int which) { return (union either){which}; }
        void *raw(int size) { return malloc(size); }
        int _internal(int a) { return a; }
        __attribute__((visibility("hidden"))) int hidden(int a) { return a; }
        """
}
