"""The failures of calls through a real process, and the results of objects."""

from __future__ import annotations

import signal
import unittest
from typing import Any

from harness import INVALID_ARGUMENTS, OK, TOOL_ERROR, Host


class FailureTests(unittest.TestCase):
    SOURCE = """
        import asyncio, dataclasses, sys
        from typing import Optional

        @dataclasses.dataclass
        class Even:
            n: int
            def __post_init__(self):
                if self.n % 2: raise ValueError("n is odd")

        class NoWords(Exception):
            def __str__(self): raise RuntimeError

        def fail(kind: str):
            if kind == "value": raise ValueError("no such city")
            if kind == "empty": raise LookupError
            if kind == "key": return {}["city"]
            if kind == "exit": sys.exit(3)
            if kind == "exit without code": sys.exit()
            if kind == "exit with text": sys.exit("bye")
            if kind == "recursion": return fail(kind)
            if kind == "memory": return bytearray(1 << 40)
            if kind == "interrupt": raise KeyboardInterrupt
            if kind == "cancelled": raise asyncio.CancelledError
            if kind == "input": return input("name? ")
            if kind == "no words": raise NoWords
            if kind == "long": raise ValueError("x" * 100_000)
            if kind == "file": open("/nowhere/file")
            if kind == "digits": return int("9" * 4000) ** 2
            return "fine"
        async def fail_async(kind: str):
            return fail(kind)
        def even(x: Even): return x.n
        def optional(x: Optional[int] = None): return x
        """

    def test_each_exception_has_its_status_and_its_words(self) -> None:
        rows = [
            ("value", "ValueError: no such city"),
            ("empty", "LookupError"),
            ("key", "KeyError: 'city'"),
            ("exit", "The tool ended itself with 3."),
            ("exit without code", "The tool ended itself."),
            ("exit with text", "The tool ended itself with bye."),
            ("recursion", "The tool called itself too often: maximum recursion depth exceeded."),
            ("memory", "The tool ran out of memory."),
            ("interrupt", "KeyboardInterrupt"),
            ("cancelled", "CancelledError"),
            ("input", "EOFError: EOF when reading a line"),
            ("no words", "NoWords: <NoWords whose text cannot be made: RuntimeError>"),
            ("long", "ValueError: " + "x" * 3999 + "…"),
            ("file", "FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/file'"),
        ]
        with Host(self.SOURCE) as host:
            for kind, words in rows:
                for tool in ("fail", "fail_async"):
                    with self.subTest(kind=kind, tool=tool):
                        result = host.call(tool, kind=kind)
                        self.assertEqual((result.status, result.text), (TOOL_ERROR, words))
                        self.assertEqual(host.call(tool, kind="").text, "fine")

    def test_a_result_that_cannot_be_written_is_an_error_or_a_text(self) -> None:
        with Host(self.SOURCE) as host:
            result = host.call("fail", kind="digits")
            self.assertIn(result.status, (OK, TOOL_ERROR))
            self.assertEqual(host.call("fail", kind="").text, "fine")

    def test_arguments_that_do_not_become_values_are_invalid(self) -> None:
        with Host(self.SOURCE) as host:
            for tool, given, words in (
                ("even", {"n": 3}, "n is odd"),
                ("even", {"n": "a"}, 'x.n: expected an integer, got "a"'),
                ("optional", "a", 'x: expected an integer, got "a"'),
            ):
                with self.subTest(given=given):
                    result = host.call(tool, x=given)
                    self.assertEqual((result.status, result.text), (INVALID_ARGUMENTS, words))

    def test_the_traceback_goes_to_the_log_without_frames_of_the_runner(self) -> None:
        with Host("def f():\n    g()\n\ndef g():\n    raise ValueError('no')\n") as host:
            self.assertEqual(host.call("f").text, "ValueError: no")
            ((level, text),) = host.logs
            self.assertEqual(level, 2)
            self.assertIn('File "/plugins/plugin.py", line 5, in g', text)
            self.assertIn("raise ValueError('no')", text)
            self.assertNotIn("toolhost_runner", text)

    def test_memory_beyond_the_limit_is_an_error_and_the_next_call_works(self) -> None:
        with Host(
            """
            kept = 0
            def fill():
                global kept
                kept += 1
                return sum(map(len, [bytearray(1 << 20) for _ in range(4096)]))
            def fill_slowly():
                values = {}
                while True: values[len(values)] = bytes(len(values) % 4096)
            def count(): return kept
            """,
            data_bytes=256 << 20,
        ) as host:
            for tool in ("fill", "fill", "fill_slowly"):
                result = host.call(tool)
                self.assertEqual((result.status, result.text), (TOOL_ERROR, "The tool ran out of memory."))
            self.assertEqual(host.call("count").value, 2)

    def test_a_process_that_ends_itself_or_crashes_leaves_its_last_words(self) -> None:
        rows = [
            ("import os\ndef f(): os._exit(7)", 7, ""),
            ("import os\ndef f(): os.closerange(3, 256)", 76, ""),
            ("import os\ndef f(): os.abort()", -signal.SIGABRT, "line 2 in f"),
            ("import faulthandler\ndef f(): faulthandler._sigsegv()", -signal.SIGSEGV, "line 2 in f"),
        ]
        for source, status, words in rows:
            with self.subTest(source=source), Host(source) as host:
                with self.assertRaisesRegex(AssertionError, "the process ended"):
                    host.call("f")
                self.assertEqual(host.exit(), status)
                self.assertIn(words, host.output())

    def test_a_host_that_breaks_the_protocol_ends_the_process(self) -> None:
        for kind, payload in ((99, b""), (4, b"\xff\xff\xff\xff"), (4, b"")):
            with self.subTest(kind=kind, payload=payload), Host("def f(): pass") as host:
                host.send(kind, 1, payload)
                self.assertEqual(host.exit(), 76)
                self.assertIn("The runner of Python plugins ends", host.output())

    def test_the_process_ends_when_the_host_closes_the_socket(self) -> None:
        with Host("def f():\n    while True: pass\n") as host:
            host.start("f")
            self.assertEqual(host.close(), 0)


class ObjectTests(unittest.TestCase):
    def test_each_value_of_execute_has_its_status(self) -> None:
        rows: list[tuple[str, int, Any]] = [
            ("(True, 'v')", OK, "v"),
            ("(False, 'v')", TOOL_ERROR, "v"),
            ("(True, None)", OK, "Done."),
            ("(1, 'v')", OK, [1, "v"]),
            ("{'success': False, 'error': 'e'}", TOOL_ERROR, {"success": False, "error": "e"}),
            ("{'ok': False}", TOOL_ERROR, {"ok": False}),
            ("{'status': 'ERROR'}", TOOL_ERROR, {"status": "ERROR"}),
            ("{'status': 'failed'}", TOOL_ERROR, {"status": "failed"}),
            ("{'status': 'Failure'}", TOOL_ERROR, {"status": "Failure"}),
            ("{'error': 'e'}", TOOL_ERROR, {"error": "e"}),
            ("{'error': None, 'value': 1}", OK, {"error": None, "value": 1}),
            ("{'status': 'SUCCESS'}", OK, {"status": "SUCCESS"}),
            ("{'status': 'ALERT'}", OK, {"status": "ALERT"}),
            ("{'healthy': False}", OK, {"healthy": False}),
            ("'Error: none'", OK, "Error: none"),
        ]
        values = ", ".join(value for value, _, _ in rows)
        with Host(f"""
            VALUES = [{values}]
            class Plain:
                def execute(self, n: int): return VALUES[n]
            class Later:
                async def execute(self, n: int): return VALUES[n]
            class Given:
                def get_schema(self): return {{"name": "given", "parameters": {{"n": {{"type": "integer"}}}}}}
                async def execute(self, **arguments): return VALUES[arguments["n"]]
            def function(): return (False, "v")
            """) as host:
            for index, (value, status, expected) in enumerate(rows):
                for tool in ("Plain", "Later", "given"):
                    with self.subTest(value=value, tool=tool):
                        result = host.call(tool, n=index)
                        content = result.text if isinstance(expected, str) else result.value
                        self.assertEqual((result.status, content), (status, expected))
            # A tuple of a plain function is a result.
            self.assertEqual(host.call("function").value, [False, "v"])

    def test_arguments_that_execute_does_not_take_are_invalid(self) -> None:
        with Host("""
            class T:
                def get_schema(self): return {"name": "t", "parameters": {"a": {"type": "string"}}}
                def execute(self, a, b=1): return a
            """) as host:
            result = host.call("t", c=1)
            self.assertEqual((result.status, result.text), (INVALID_ARGUMENTS, "missing a required argument: 'a'"))


if __name__ == "__main__":
    unittest.main()
