"""Cancelled calls: they stop, stop no other call, and break no frame."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
import time
import unittest
from pathlib import Path

from harness import CANCELLED, OK, TOOL_ERROR, Host

SOURCE = r"""
import asyncio, os, re, subprocess, threading, time
state = []
def begun(): print("begun", flush=True)

def sleep(): begun(); time.sleep(60)
def lock():
    begun(); held = threading.Lock(); held.acquire(); held.acquire()
def join():
    thread = threading.Thread(target=time.sleep, args=(60,), daemon=True)
    thread.start(); begun(); thread.join()
def read():
    reading, writing = os.pipe(); begun(); os.read(reading, 1)
def spin():
    begun()
    while True: pass
def loop():
    async def inner(): begun(); await asyncio.sleep(60)
    asyncio.run(inner())
def pattern(): begun(); re.match(r"(a+)+$", "a" * 60 + "b")
def power(): begun(); return len(str(7 ** 900_000_000 % 10))
def generate():
    begun()
    while True: yield "x" * 1000
def program(): begun(); subprocess.run(["/bin/sleep", "60"])
def clean():
    try:
        begun(); time.sleep(60)
    finally:
        state.append("cleaned")
def returns_anyway():
    try:
        begun(); time.sleep(60)
    except KeyboardInterrupt:
        return "anyway"
async def wait():
    begun(); await asyncio.sleep(60)
async def wait_clean():
    try:
        begun(); await asyncio.sleep(60)
    finally:
        state.append("cleaned later")
def thread():
    begun()
    while True: pass
thread.toolhost = {"concurrent": True}
def mark(text: str): state.append(text); return list(state)
"""


class StopTests(unittest.TestCase):
    def stop(self, host: Host, tool: str) -> tuple[int, str]:
        """Starts a call, cancels it once it has begun, and returns its status and text."""
        host.logs.clear()
        call = host.start(tool)
        host.wait_for(lambda: (1, "begun") in host.logs)
        host.cancel(call, tool)
        result = host.wait(call)
        return result.status, result.text if tool != "generate" else ""

    def test_each_kind_of_call_stops_and_the_module_keeps_its_state(self) -> None:
        tools = ["sleep", "lock", "join", "read", "spin", "loop", "pattern", "power", "generate", "wait", "thread"]
        with Host(SOURCE) as host:
            host.call("mark", text="kept")
            for tool in tools:
                with self.subTest(tool=tool):
                    self.assertEqual(self.stop(host, tool), (CANCELLED, ""))
                    self.assertEqual(host.call("mark", text=tool).value[0], "kept")

    @unittest.skipUnless(shutil.which("/bin/sleep"), "there is no /bin/sleep")
    def test_a_program_that_a_call_waits_for_ends_with_it(self) -> None:
        with Host(SOURCE) as host:
            self.assertEqual(self.stop(host, "program"), (CANCELLED, ""))
            self.assertEqual(host.call("mark", text="on").value, ["on"])

    def test_code_that_cleans_up_after_an_interruption_does(self) -> None:
        with Host(SOURCE) as host:
            self.assertEqual(self.stop(host, "clean"), (CANCELLED, ""))
            self.assertEqual(self.stop(host, "wait_clean"), (CANCELLED, ""))
            self.assertEqual(self.stop(host, "returns_anyway"), (OK, "anyway"))
            self.assertEqual(host.call("mark", text="x").value, ["cleaned", "cleaned later", "x"])

    def test_a_thread_that_sleeps_stops_at_the_end_of_its_sleep(self) -> None:
        with Host("""
            import time
            def f():
                print("begun")
                time.sleep(0.3)
                while True: pass
            f.toolhost = {"concurrent": True}
            """) as host:
            call = host.start("f")
            host.wait_for(lambda: host.logs)
            host.cancel(call, "f")
            self.assertEqual(host.wait(call).status, CANCELLED)

    def test_a_call_that_waits_for_its_turn_never_begins(self) -> None:
        with Host(SOURCE) as host:
            first = host.start("sleep")
            second = host.start("mark", text="never")
            host.send(5, second)
            host.wait_for(lambda: (1, "begun") in host.logs)
            host.cancel(first, "sleep")
            self.assertEqual(host.wait(first).status, CANCELLED)
            self.assertEqual(host.wait(second).status, CANCELLED)
            self.assertEqual(host.call("mark", text="x").value, ["x"])

    def test_the_message_alone_stops_a_call_that_lets_other_threads_run(self) -> None:
        with Host(SOURCE) as host:
            call = host.start("sleep")
            host.wait_for(lambda: (1, "begun") in host.logs)
            host.send(5, call)
            self.assertEqual(host.wait(call).status, CANCELLED)

    def test_a_signal_without_a_message_stops_no_call(self) -> None:
        with Host("""
            import time
            def f():
                end = time.monotonic() + 0.3
                while time.monotonic() < end: pass
                return "done"
            """) as host:
            os.kill(host.process, signal.SIGINT)
            call = host.start("f")
            for _ in range(5):
                time.sleep(0.02)
                os.kill(host.process, signal.SIGINT)
            self.assertEqual(host.wait(call).text, "done")

    def test_an_unknown_call_cannot_be_cancelled(self) -> None:
        with Host(SOURCE) as host:
            host.send(5, 12345)
            self.assertEqual(host.call("mark", text="x").value, ["x"])


class ConcurrencyTests(unittest.TestCase):
    SOURCE = """
        import asyncio, threading, time
        running = most = 0
        lock = threading.Lock()
        def work():
            global running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.05)
            with lock: running -= 1
        def plain(): work()
        def side(): work()
        side.toolhost = {"concurrent": True}
        async def later():
            global running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.05)
            running -= 1
        async def highest():
            global most
            result, most = most, 0
            return result
        """

    def test_plain_calls_wait_for_one_another_and_others_do_not(self) -> None:
        with Host(self.SOURCE) as host:
            for tool, expected in (("plain", 1), ("side", 8), ("later", 8)):
                with self.subTest(tool=tool):
                    for call in [host.start(tool) for _ in range(8)]:
                        host.wait(call)
                    self.assertEqual(host.call("highest").value, expected)
        with Host(self.SOURCE, options=("--concurrent",)) as host:
            for call in [host.start("plain") for _ in range(8)]:
                host.wait(call)
            self.assertEqual(host.call("highest").value, 8)

    def test_a_call_without_a_thread_is_an_error_and_the_others_go_on(self) -> None:
        source = """
            import threading
            go = threading.Event()
            def f(): go.wait()
            f.toolhost = {"concurrent": True}
            def release(): go.set()
            """
        # The stacks of the threads do not fit into the memory.
        with Host(source, data_bytes=128 << 20) as host:
            calls = [host.start("f") for _ in range(64)]
            host.call("release")
            statuses = [host.wait(call).status for call in calls]
            self.assertEqual(set(statuses), {OK, TOOL_ERROR})
            self.assertIn("can't start new thread", host.results[calls[-1]].text)
            self.assertEqual(host.call("f").status, OK)

    def test_many_async_calls_take_the_time_of_one(self) -> None:
        with Host("import asyncio\nasync def f(): await asyncio.sleep(0.2)") as host:
            host.call("f")
            start = time.monotonic()
            for call in [host.start("f") for _ in range(64)]:
                host.wait(call)
            # One after another, they would take 12.8 s.
            self.assertLess(time.monotonic() - start, 6)

    def test_an_async_call_answers_beside_a_spinning_one(self) -> None:
        with Host("def spin():\n    while True: pass\nasync def f(): return 1") as host:
            call = host.start("spin")
            self.assertEqual(host.call("f").value, 1)
            host.cancel(call, "spin")
            self.assertEqual(host.wait(call).status, CANCELLED)

    def test_an_idle_process_has_three_threads_and_uses_no_processor_time(self) -> None:
        with Host(self.SOURCE) as host:
            for tool in ("plain", "side", "later"):
                for call in [host.start(tool) for _ in range(4)]:
                    host.wait(call)
            directory = Path(f"/proc/{host.process}")
            # The thread of the last call ends a moment after it.
            end = time.monotonic() + 5
            while len(list((directory / "task").iterdir())) > 3 and time.monotonic() < end:
                time.sleep(0.01)
            self.assertEqual(len(list((directory / "task").iterdir())), 3)
            ticks = (directory / "stat").read_text().split()[13:15]
            time.sleep(0.3)
            self.assertEqual((directory / "stat").read_text().split()[13:15], ticks)

    def test_a_task_that_ends_the_program_does_not_end_the_loop(self) -> None:
        with Host("""
            import asyncio, sys
            async def leave(): sys.exit(3)
            async def f(inner: bool):
                if inner:
                    task = asyncio.create_task(leave())
                    await asyncio.sleep(0.01)
                return 1
            """) as host:
            call = host.start("f", inner=True)
            host.wait_for(lambda: host.logs)
            self.assertEqual(host.call("f", inner=False).value, 1)
            self.assertEqual(host.wait(call).value, 1)


class EdgeTests(unittest.TestCase):
    """Cancels at the moment when a call begins, ends or writes."""

    SOURCE = """
        import asyncio, time
        last = 0
        def short(n: int, loops: int):
            global last
            for _ in range(loops): pass
            last = n
            return n
        def long_output(n: int, loops: int):
            for i in range(40):
                print("y" * 100)
                yield "x" * 5000
        def side(n: int, loops: int):
            for _ in range(loops): pass
            print("side")
            return n
        side.toolhost = {"concurrent": True}
        async def later(n: int, loops: int):
            for _ in range(loops): await asyncio.sleep(0)
            return n
        def check(n: int): return n
        """

    def storm(self, tool: str, count: int, seconds: float, pause: float, seed: int) -> tuple[int, int]:
        """Cancels many calls at random moments, each followed by a call that nobody cancels.

        Returns the number of calls, and the number of those that were stopped.
        """
        generator = random.Random(seed)
        stopped = done = 0
        end = time.monotonic() + seconds
        with Host(self.SOURCE) as host:
            while done < count and time.monotonic() < end:
                call = host.start(tool, n=done, loops=generator.randrange(200))
                moment = time.perf_counter() + generator.random() * pause
                while time.perf_counter() < moment:
                    pass
                host.cancel(call, tool)
                result = host.wait(call)
                self.assertIn(result.status, (OK, CANCELLED), result.text)
                stopped += result.status == CANCELLED
                done += 1
                if done % 4 == 0:
                    following = host.call("check", n=done)
                    self.assertEqual((following.status, following.text), (OK, str(done)))
            self.assertIsNone(host.error)
            self.assertEqual(host.call("check", n=-1).value, -1)
        return done, stopped

    def test_10_000_cancels_at_the_edge_of_short_calls_stop_no_other_call(self) -> None:
        done, stopped = self.storm("short", 10_000, 120, 0.0003, 1)
        # Some calls end before the cancel arrives, and some do not.
        self.assertGreater(stopped, 0)
        self.assertGreater(done - stopped, 0)
        self.assertEqual(done, 10_000)

    def test_cancels_amid_output_break_no_frame(self) -> None:
        done, stopped = self.storm("long_output", 400, 20, 0.004, 2)
        self.assertGreater(stopped, 0)

    def test_cancels_of_threads_stop_no_other_call(self) -> None:
        done, stopped = self.storm("side", 1000, 20, 0.0006, 3)
        self.assertGreater(done, 50)

    def test_cancels_of_async_calls_stop_no_other_call(self) -> None:
        done, stopped = self.storm("later", 1000, 20, 0.0006, 4)
        self.assertGreater(stopped, 0)
        self.assertGreater(done - stopped, 0)

    def test_cancels_from_another_thread_hit_calls_that_follow_at_once(self) -> None:
        # The next call is sent the moment that the last one has returned, while its signal may still be on its way.
        with Host(self.SOURCE) as host:
            for n in range(300):
                call = host.start("short", n=n, loops=0)
                canceller = threading.Thread(target=host.cancel, args=(call, "short"))
                canceller.start()
                host.wait(call)
                canceller.join()
                self.assertEqual(host.call("check", n=n).status, OK)


class SignalTests(unittest.TestCase):
    def test_a_library_that_takes_the_signal_over_does_so_for_one_call(self) -> None:
        with Host("""
            import signal, time
            def take(): signal.signal(signal.SIGINT, signal.SIG_IGN)
            def f(): print("begun"); time.sleep(60)
            """) as host:
            host.call("take")
            call = host.start("f")
            host.wait_for(lambda: host.logs)
            host.cancel(call, "f")
            self.assertEqual(host.wait(call).status, CANCELLED)


class DeadlineTests(unittest.TestCase):
    def test_a_tool_that_ignores_the_interruption_goes_on_until_it_is_killed(self) -> None:
        with Host("""
            def f():
                while True:
                    try:
                        print("begun")
                        while True: pass
                    except BaseException: continue
            """) as host:
            call = host.start("f")
            host.wait_for(lambda: host.logs)
            host.cancel(call, "f")
            # The host kills it after the grace period.
            os.kill(host.process, signal.SIGKILL)
            with self.assertRaisesRegex(AssertionError, "the process ended"):
                host.wait(call)

    def test_an_interruption_of_the_tool_itself_is_its_own_error(self) -> None:
        with Host("def f(): raise KeyboardInterrupt") as host:
            self.assertEqual(host.call("f").status, TOOL_ERROR)


if __name__ == "__main__":
    unittest.main()
