"""The log, the context of a call, and the look-up of names, in a real process."""

from __future__ import annotations

import struct
import unittest

from harness import TOOL_ERROR, Host, block

TEXT = "text/plain; charset=utf-8"


class OutputTests(unittest.TestCase):
    def test_what_is_printed_and_logged_becomes_lines_of_the_log(self) -> None:
        with Host("""
            import logging, os, sys, warnings
            print("while it loads")
            def f():
                print("one\\ntwo")
                print("three", end="")
                print("four", file=sys.stderr)
                sys.stdout.buffer.write(b"five\\n")
                logging.getLogger("a").info("six %d", 6)
                logging.error("seven")
                os.write(1, b"raw\\n")
                return "result"
            def long(): print("x" * 20_000)
            def part(): print("no end", end="")
            """) as host:
            self.assertEqual(host.logs, [(1, "while it loads")])
            self.assertEqual(host.call("f").parts, [(TEXT, b"result")])
            self.assertEqual(
                host.logs[1:],
                [(1, "one"), (1, "two"), (1, "four"), (1, "threefive"), (1, "a: six 6"), (3, "root: seven")],
            )
            host.logs.clear()
            host.call("long")
            self.assertEqual("".join(line for _, line in host.logs), "x" * 20_000)
            host.logs.clear()
            host.call("part")
            self.assertEqual(host.logs, [(1, "no end")])
            host.close()
            self.assertEqual(host.output(), "raw\n")

    def test_threads_that_print_break_no_frame(self) -> None:
        with Host("""
            import threading
            def f():
                def work(n):
                    for i in range(300): print(n, i, "x" * 500)
                threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
                for t in threads: t.start()
                for i in range(300): yield "y" * 1000
                for t in threads: t.join()
            """) as host:
            result = host.call("f")
            self.assertEqual(result.text, "y" * 300_000)
            self.assertIsNone(host.error)


class ContextTests(unittest.TestCase):
    def test_a_function_that_asks_for_the_context_reports_progress_and_reads_the_configuration(self) -> None:
        source = """
            import asyncio
            def f(n: int, context: "ToolContext"):
                context.progress("begun", 0.25)
                context.progress("unknown", 7)
                assert 0 < context.time_left <= 60 and not context.is_cancelled
                return [context.call_id, dict(context.config)]
            async def g(context: "ToolContext" = None):
                context.progress(fraction=1)
                return context.call_id
            class Noter:
                def get_schema(self): return {"name": "note", "parameters": {}}
                def execute(self, context: "ToolContext"): return context.call_id
            """
        with Host(source, configuration={"root": "/data"}) as host:
            self.assertEqual(host.call("f", n=1).value, [1, {"root": "/data"}])
            self.assertEqual(host.progress, [(1, 0.25, "begun"), (1, -1.0, "unknown")])
            self.assertEqual([host.call("g").value, host.call("note").value], [2, 3])


class NetworkTests(unittest.TestCase):
    SOURCE = """
        import asyncio, socket
        def look(name: str):
            return sorted({info[4][0] for info in socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)})
        def old(name: str): return socket.gethostbyname(name)
        async def both(names: list[str]):
            loop = asyncio.get_running_loop()
            found = await asyncio.gather(*(loop.getaddrinfo(n, 80, type=socket.SOCK_STREAM) for n in names))
            return [infos[0][4][0] for infos in found]
        """

    def test_names_are_looked_up_by_the_host(self) -> None:
        with Host(self.SOURCE, options=("--network",), may_resolve=True) as host:
            for tool, addresses, expected in (
                ("look", ["127.0.0.1", "::1"], '["127.0.0.1", "::1"]'),
                ("old", ["::1", "127.0.0.2"], "127.0.0.2"),
                ("look", [], "gaierror: [Errno -2] Name or service not known"),
            ):
                call = host.start(tool, name="example.com")
                number, name = host.questions.get(timeout=30)
                self.assertEqual(name, "example.com")
                self.reply(host, number, addresses)
                self.assertEqual(host.wait(call).text, expected)
            # A numeric address is no question.
            self.assertEqual(host.call("look", name="10.0.0.1").value, ["10.0.0.1"])
            self.assertTrue(host.questions.empty())

    def test_at_most_sixteen_questions_are_open(self) -> None:
        with Host(
            self.SOURCE.replace("async def both", "async def many"), options=("--network",), may_resolve=True
        ) as host:
            names = [f"host{n}.example.com" for n in range(40)]
            call = host.start("many", names=names)
            open_questions: list[int] = []
            answered = 0
            while answered < len(names):
                number, name = host.questions.get(timeout=30)
                open_questions.append(number)
                if len(open_questions) > 16:
                    self.fail("more than 16 questions are open")
                if len(open_questions) + answered == len(names) or len(open_questions) == 4:
                    for number in open_questions:
                        self.reply(host, number, [f"10.0.0.{number}"])
                    answered += len(open_questions)
                    open_questions = []
            self.assertEqual(len(host.wait(call).value), len(names))

    def test_without_a_port_the_error_says_so(self) -> None:
        with Host(self.SOURCE) as host:
            result = host.call("look", name="example.com")
            self.assertEqual(
                (result.status, result.text), (TOOL_ERROR, "PermissionError: no port is granted to this plugin")
            )

    @staticmethod
    def reply(host: Host, number: int, addresses: list[str]) -> None:
        payload = struct.pack("<BI", bool(addresses), len(addresses)) + b"".join(map(block, addresses))
        host.send(6, number, payload)


if __name__ == "__main__":
    unittest.main()
