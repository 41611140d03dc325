"""The calls of tools, on the main thread, on threads of their own, and on an event loop."""

from __future__ import annotations

import inspect
import json
import time
from typing import TYPE_CHECKING, Any, Callable, Optional

from . import frames
from .channel import Channel
from .context import ToolContext
from .failures import InvalidArguments, failure, trace
from .output import WARNING
from .results import CANCELLED, OK, Outcome, Part, line, outcome
from .shapes import plain
from .tools import Tool

if TYPE_CHECKING:
    from .service import Service


class Call:
    """A call from its arrival to its end."""

    def __init__(self, service: Service, id: int, tool: Tool, order: frames.Reader) -> None:
        """Creates a call from the fields that follow the number of the tool in a host's order."""
        timeout, _, self._limit, _ = order.integers("QQQI")
        self.id, self.tool = id, tool
        self._arguments = order.rest()
        self._service = service
        self._start = time.monotonic_ns()
        self.deadline = self._start + timeout
        #: Set once, on the thread that reads messages.
        self.is_cancelled = False
        #: Interrupts the call on its thread, once it has begun.
        self.interrupt: Optional[Callable[[], None]] = None
        self._written = 0
        self._is_truncated = False
        self._has_ended = False

    @property
    def _channel(self) -> Channel:
        return self._service.channel

    # ---- Execution -------------------------------------------------------------------------------------------------

    def begin(self) -> Any:
        """Converts the arguments, calls the function, and returns its value: perhaps an awaitable or a generator."""
        if self.is_cancelled:
            raise KeyboardInterrupt
        tool = self.tool
        signature = tool.signature
        assert signature is not None
        try:
            values = parsed(self._arguments, signature.is_exact)
            self._arguments = b""
            context = ToolContext(self, self._service.configuration)
            if tool.converts:
                positional, named = signature.bind(values, context)
            else:
                positional, named = [], self._unchanged(plain(values), context)
        except (MemoryError, RecursionError):
            raise
        except Exception as error:
            raise InvalidArguments from error
        return tool.function(*positional, **named)

    def _unchanged(self, values: dict[str, Any], context: ToolContext) -> dict[str, Any]:
        """Returns the arguments for an object whose author gives the schema."""
        assert self.tool.signature is not None
        for argument in self.tool.signature.arguments:
            if argument.is_context:
                values[argument.parameter.name] = context
        inspect.signature(self.tool.function).bind(**values)
        return values

    def run(self) -> Outcome:
        """Runs a plain function on this thread, to its end."""
        value = self.begin()
        if inspect.isawaitable(value) or inspect.isasyncgen(value):
            import asyncio

            return asyncio.run(self._finish(value))
        return self._finish_plain(value)

    async def run_async(self) -> Outcome:
        """Runs a function on the event loop, to its end."""
        return await self._finish(self.begin())

    async def _finish(self, value: Any) -> Outcome:
        if inspect.isawaitable(value):
            value = await value
        if not inspect.isasyncgen(value):
            return self._finish_plain(value)
        has_items = False
        async for item in value:
            has_items = True
            if not self._write_now(line(item)):
                await value.aclose()
                break
        return Outcome(OK, []) if has_items else outcome(None, False)

    def _finish_plain(self, value: Any) -> Outcome:
        if not inspect.isgenerator(value):
            return outcome(value, self.tool.is_object)
        has_items = False
        while True:
            try:
                item = next(value)
            except StopIteration as stop:
                return Outcome(OK, []) if has_items and stop.value is None else outcome(stop.value, self.tool.is_object)
            has_items = True
            if not self._write_now(line(item)):
                value.close()
                return Outcome(OK, [])

    def failed(self, error: BaseException) -> Outcome:
        """Returns the outcome of the call for an exception, whose traceback goes to the log."""
        if self.is_cancelled and type(error).__name__ in ("KeyboardInterrupt", "CancelledError"):
            return Outcome(CANCELLED, [])
        try:
            self._channel.send(frames.log(WARNING, f"{self.tool.name}: {trace(error)}"[-frames.LINE :]))
        except Exception:  # Such as a lack of memory: the model still needs its sentence.
            pass
        return failure(error)

    # ---- Messages --------------------------------------------------------------------------------------------------

    def report_progress(self, message: str, fraction: Optional[float]) -> None:
        """Reports progress, unless the call has ended."""
        known = fraction if fraction is not None and 0 <= fraction <= 1 else None
        if not self._has_ended:
            self._channel.send(frames.progress(self.id, known, message))

    def _write_now(self, part: Part) -> bool:
        """Sends a part; returns false if no more of them are wanted, because the result has become too large."""
        self._channel.send(self._fitting(part))
        return not self._is_truncated

    def _fitting(self, part: Part) -> bytes:
        """Returns the frames of a part, cut where the result becomes too large."""
        media_type, content = part
        room = self._limit - self._written
        if len(content) > room or self._is_truncated:
            is_first = not self._is_truncated
            self._is_truncated = True
            # Half a picture is none.
            if not is_first or media_type not in (frames.TEXT, frames.JSON):
                return b""
            # JSON that is cut is no JSON.
            media_type, content = frames.TEXT, frames.cut(content, room)
        self._written += len(content)
        return frames.output(self.id, media_type, content)

    def end(self, result: Outcome) -> None:
        """Sends the rest of the result and the end. The call must not be interruptible any more."""
        self._has_ended = True
        self._service.remove(self)
        pieces = [self._fitting(part) for part in result.parts]
        duration = time.monotonic_ns() - self._start
        pieces.append(frames.end(self.id, result.status, self._is_truncated, duration))
        self._channel.send(b"".join(pieces))


def parsed(arguments: bytes, is_exact: bool) -> dict[str, Any]:
    """Returns the arguments of a call, with decimal numbers if their digits must be kept."""
    if not is_exact:
        return dict(json.loads(arguments or b"{}"))
    from decimal import Decimal

    return dict(json.loads(arguments or b"{}", parse_float=Decimal))
