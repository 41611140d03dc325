"""The context of a call, for a function that asks for it with a parameter ``context: "ToolContext"``."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from .calls import Call


class ToolContext:
    """The context of one call. It may be used on any thread, and does nothing once the call has ended."""

    def __init__(self, call: Call, configuration: Mapping[str, str]) -> None:
        self._call = call
        self._configuration = configuration

    @property
    def call_id(self) -> int:
        """The number of the call, which no other call of this process has."""
        return self._call.id

    @property
    def config(self) -> Mapping[str, str]:
        """The user's values of the configuration keys that the plugin declares."""
        return self._configuration

    @property
    def is_cancelled(self) -> bool:
        """True if the call is to stop: it was cancelled, or its deadline has passed."""
        return self._call.is_cancelled

    @property
    def time_left(self) -> float:
        """The time until the deadline of the call in seconds, at least 0."""
        return max(0.0, (self._call.deadline - time.monotonic_ns()) / 1e9)

    def progress(self, message: str = "", fraction: Optional[float] = None) -> None:
        """Reports progress to the user.

        Args:
            message: A short text, of which the first kilobyte is shown.
            fraction: The part of the work that is done, from 0 to 1, or None if it is not known.
        """
        self._call.report_progress(str(message), fraction)
