"""The service of a worker process, which registers a plugin's tools and runs calls until the host closes the socket."""

from __future__ import annotations

import faulthandler
import os
import queue
import sys
import threading
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn, Optional

from . import frames, guards, output, resolving
from .calls import Call
from .channel import PROTOCOL_EXIT, Channel
from .failures import sentence, trace
from .guards import Lane, ThreadGuard
from .loading import LoadError
from .options import Options
from .registration import Registration
from .results import Outcome

if TYPE_CHECKING:
    import asyncio

#: The time in seconds for which a refused process waits until the host closes the socket.
_REFUSAL_PATIENCE = 5
_PATIENCE_FOR_MEMORY = 100


class Service:
    """The calls of one plugin."""

    def __init__(self, descriptor: int, options: Options) -> None:
        self.channel = Channel(descriptor)
        self.configuration: Mapping[str, str] = MappingProxyType({})
        self._stream = frames.Stream(descriptor)
        self._options = options
        self._streams = output.install(self.channel)
        self._questions = resolving.Questions(self.channel)
        self._registration: Optional[Registration] = None
        self._calls: dict[int, Call] = {}
        self._lane = Lane()
        self._waiting: queue.SimpleQueue[Call] = queue.SimpleQueue()
        self._loop: Optional[asyncio.AbstractEventLoop] = None

    # ---- The main thread -------------------------------------------------------------------------------------------

    def run(self) -> NoReturn:
        """Registers the tools, and runs the calls of the lane."""
        resolving.install(self._questions, self._options.has_network)
        if self._options.registration_timeout is not None:
            # If the host loses patience, the last output of the process shows the line that ran.
            faulthandler.dump_traceback_later(self._options.registration_timeout, file=2)
        try:
            self._registration = Registration(self._options, faulthandler.cancel_dump_traceback_later)
        except LoadError as error:
            self._refuse(error)
        except BaseException as error:  # Constructors and get_schema may raise SystemExit.
            failure = LoadError("notLoadable", f"It failed while its tools were read: {sentence(error).rstrip('.')}.")
            failure.__cause__ = error
            self._refuse(failure)
        output.capture_logging(self.channel)
        self.finish_lines()
        guards.current.guard = self._lane
        self._lane.install()
        self.channel.send(self._registration.message())
        threading.Thread(target=self._receive, name="toolhost", daemon=True).start()
        while True:
            self._run_in_lane(self._waiting.get())

    def _refuse(self, error: LoadError) -> NoReturn:
        if error.__cause__ is not None:
            self.channel.send(frames.log(output.WARNING, trace(error.__cause__)[-frames.LINE :]))
        self.finish_lines()
        self.channel.send(frames.refusal(error.code, error.message))
        threading.Timer(_REFUSAL_PATIENCE, os._exit, [0]).start()
        while self._stream.receive() is not None:
            pass
        os._exit(0)

    def _run_in_lane(self, call: Call) -> None:
        """Runs a call on this thread. A signal may interrupt it between any two steps while it is the current one."""
        lane = self._lane
        # A library may have taken the signal over.
        lane.install()
        try:
            try:
                # The call is the current one before it looks whether it was cancelled.
                lane.current = call
                result = call.run()
                lane.current = None
            except BaseException as error:
                lane.current = None
                result = call.failed(error)
        except KeyboardInterrupt as error:
            # The signal came between the lines above; a call sees at most one.
            lane.current = None
            result = call.failed(error)
        self._end(call, result)

    def _end(self, call: Call, result: Outcome) -> None:
        self.finish_lines()
        call.end(result)

    def finish_lines(self) -> None:
        """Sends the lines that have been printed in part."""
        for stream in self._streams:
            stream.finish_line()

    def remove(self, call: Call) -> None:
        """Forgets a call that has ended."""
        self._calls.pop(call.id, None)

    # ---- Threads ---------------------------------------------------------------------------------------------------

    def _run_on_thread(self, call: Call) -> None:
        """Runs a concurrent call on this thread, which ends with it."""
        guard = ThreadGuard()
        try:
            try:
                guards.current.guard = guard
                call.interrupt = guard.interrupt
                result = call.run()
                guard.close()
            except BaseException as error:
                guard.close()
                result = call.failed(error)
        except KeyboardInterrupt as error:
            # The exception came between the lines above; a call sees at most one.
            guard.close()
            result = call.failed(error)
        guards.current.guard = None
        self._end(call, result)

    # ---- The event loop --------------------------------------------------------------------------------------------

    def _event_loop(self) -> asyncio.AbstractEventLoop:
        """Returns the event loop, which runs on a thread from the first use on."""
        if self._loop is None:
            import asyncio

            loop = asyncio.new_event_loop()
            threading.Thread(target=self._run_loop, args=(loop,), name="toolhost-async", daemon=True).start()
            self._loop = loop
        return self._loop

    @staticmethod
    def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
        import asyncio

        asyncio.set_event_loop(loop)
        while True:
            try:
                loop.run_forever()
            except BaseException as error:  # A task of the plugin may raise SystemExit through the loop.
                sys.stderr.write(f"A task of the event loop raised {type(error).__name__}.\n")

    def _start_task(self, loop: asyncio.AbstractEventLoop, call: Call) -> None:
        task = loop.create_task(self._run_task(call))

        def interrupt() -> None:
            loop.call_soon_threadsafe(task.cancel)

        # A call that has been cancelled stops itself as it begins. A task that is cancelled before that never runs.
        call.interrupt = interrupt

    async def _run_task(self, call: Call) -> None:
        try:
            result = await call.run_async()
        except BaseException as error:
            result = call.failed(error)
        self._end(call, result)

    # ---- The reading thread ----------------------------------------------------------------------------------------

    def _receive(self) -> NoReturn:
        """Handles the host's messages until it closes the socket, which ends the process."""
        failures = 0
        while True:
            try:
                message = self._stream.receive()
                if message is None:
                    os._exit(0)
                self._handle(*message)
                failures = 0
            except MemoryError:
                # The plugin may have all of it for a moment.
                failures += 1
                if failures > _PATIENCE_FOR_MEMORY:
                    self._break("the memory is exhausted")
                time.sleep(0.01)
            except OSError as error:
                self._break(f"the socket cannot be read: {error}")
            except Exception as error:
                self._break(f"the host sent {error!r}")

    @staticmethod
    def _break(reason: str) -> NoReturn:
        os.write(2, f"The runner of Python plugins ends: {reason}.\n".encode())
        os._exit(PROTOCOL_EXIT)

    def _handle(self, kind: int, number: int, payload: bytes) -> None:
        if kind == frames.CALL:
            self._start(number, frames.Reader(payload))
        elif kind == frames.CANCEL:
            self._cancel(number)
        elif kind == frames.ADDRESSES:
            self._questions.handle_reply(number, payload)
        elif kind == frames.CONFIGURE:
            reader = frames.Reader(payload)
            may_resolve, count = reader.integers("BI")
            values = {reader.text(): reader.text() for _ in range(count)}
            self._questions.may_ask = bool(may_resolve)
            self.configuration = MappingProxyType(values)
        else:
            raise frames.ProtocolError(f"a message of kind {kind}, which is not expected here")

    def _start(self, number: int, order: frames.Reader) -> None:
        assert self._registration is not None
        (index,) = order.integers("I")
        tools = self._registration.tools
        if index >= len(tools) or tools[index].fault:
            raise frames.ProtocolError("a tool that does not exist")
        tool = tools[index]
        call = self._calls[number] = Call(self, number, tool, order)
        try:
            self._dispatch(call)
        except RuntimeError as error:  # No thread can be started.
            call.end(call.failed(error))

    def _dispatch(self, call: Call) -> None:
        """Lets a call begin on its thread."""
        tool = call.tool
        if tool.is_async:
            loop = self._event_loop()
            loop.call_soon_threadsafe(self._start_task, loop, call)
        elif tool.is_concurrent:
            threading.Thread(target=self._run_on_thread, args=(call,), name=tool.name, daemon=True).start()
        else:
            call.interrupt = lambda: self._lane.interrupt(call)
            self._waiting.put(call)

    def _cancel(self, number: int) -> None:
        call = self._calls.get(number)
        if call is None:
            return
        # The call looks at the first after it has set the second, so one of both threads sees the other.
        call.is_cancelled = True
        interrupt = call.interrupt
        if interrupt is not None:
            interrupt()


def limit_threads() -> None:
    """Limits the threads of numeric libraries, each of which reserves memory."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
        given = os.environ.get(name, "")
        limit = min(4, os.cpu_count() or 1)
        os.environ[name] = str(min(int(given), limit) if given.isdigit() and int(given) > 0 else limit)


def main(arguments: list[str]) -> NoReturn:
    """Serves the host at the other end of descriptor 3.

    Args:
        arguments: The options and the files.
    """
    import fcntl

    # A plugin that closes the low descriptors does not end the process.
    descriptor = fcntl.fcntl(3, fcntl.F_DUPFD_CLOEXEC, 64)
    os.close(3)
    os.register_at_fork(after_in_child=lambda: os.close(descriptor))
    faulthandler.enable(file=2, all_threads=True)
    limit_threads()
    try:
        options = Options(arguments)
    except ValueError as error:
        Service._break(str(error))
    Service(descriptor, options).run()
