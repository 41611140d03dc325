"""The exceptions of a call: a sentence for the model, and a traceback for the author."""

from __future__ import annotations

import importlib
import os
from types import TracebackType
from typing import Optional

from .results import INVALID_ARGUMENTS, TOOL_ERROR, Outcome
from .values import text

#: The maximum length of a message in characters.
MAXIMUM_MESSAGE = 4000
_MAXIMUM_FRAMES = 20
#: The directories of the runner and of the import system, whose frames say nothing about a plugin.
_DIRECTORIES = {os.path.dirname(__file__), os.path.dirname(importlib.__file__)}


class InvalidArguments(Exception):
    """Arguments that did not become Python values; the cause is the exception."""


def failure(error: BaseException) -> Outcome:
    """Returns the outcome of a call that raised an exception."""
    if isinstance(error, InvalidArguments):
        return Outcome.failure(INVALID_ARGUMENTS, message(error.__cause__ or error))
    return Outcome.failure(TOOL_ERROR, sentence(error))


def sentence(error: BaseException) -> str:
    """Returns what the model reads about an exception of a tool."""
    if isinstance(error, SystemExit):
        return (
            "The tool ended itself." if error.code is None else f"The tool ended itself with {text(error.code)[:200]}."
        )
    if isinstance(error, MemoryError):
        return "The tool ran out of memory."
    if isinstance(error, RecursionError):
        return "The tool called itself too often: maximum recursion depth exceeded."
    words = message(error)
    name = type(error).__name__
    result = f"{name}: {words}" if words else name
    if isinstance(error, PermissionError) and isinstance(error.filename, str):
        result += f". The permissions of this plugin do not include {error.filename[:200]}."
    return result


def message(error: BaseException) -> str:
    """Returns the words of an exception, without the links that pydantic adds."""
    words = text(error)
    if "\n" in words:
        words = "\n".join(
            part for part in words.split("\n") if not part.startswith("    For further information visit ")
        )
    return words if len(words) <= MAXIMUM_MESSAGE else words[: MAXIMUM_MESSAGE - 1] + "…"


def trace(error: BaseException) -> str:
    """Returns the traceback of an exception, without the frames of the runner."""
    if isinstance(error, InvalidArguments) and error.__cause__ is not None:
        error = error.__cause__
    import traceback  # Takes several milliseconds, and is seldom needed.

    lines = traceback.format_exception(type(error), error, user_trace(error.__traceback__), limit=-_MAXIMUM_FRAMES)
    return "".join(lines).rstrip()


def user_trace(trace: Optional[TracebackType]) -> Optional[TracebackType]:
    """Returns a traceback from the first frame on that is neither the runner's nor the import system's."""
    while trace is not None and is_runner(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace


def is_runner(path: str) -> bool:
    """Returns true for the path of a file of the runner or of the import system."""
    return os.path.dirname(path) in _DIRECTORIES or path.startswith("<frozen importlib")
