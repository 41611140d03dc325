"""The loading of plugins from text, which the tests share."""

from __future__ import annotations

import itertools
import sys
import textwrap
import unittest
from pathlib import Path
from typing import Any, Optional

RUNNER = Path(__file__).resolve().parents[2] / "Sources" / "python-runner"
sys.path.insert(0, str(RUNNER))

from toolhost_runner import docstrings  # noqa: E402, F401
from toolhost_runner.loading import LoadError, PluginFiles  # noqa: E402, F401
from toolhost_runner.signatures import SignatureReader  # noqa: E402
from toolhost_runner.tools import Tool, ToolReader  # noqa: E402

_numbers = itertools.count(1)


class Loaded:
    """A plugin that was loaded from text."""

    def __init__(self, source: str, parts: Optional[dict[str, str]] = None, **settings: Any) -> None:
        # Each plugin has its own name, because modules stay loaded.
        name = f"plugin_{next(_numbers)}"
        files = [(f"/plugins/{name}.py", textwrap.dedent(source).encode())]
        files += [(f"/plugins/{path}", textwrap.dedent(text).encode()) for path, text in (parts or {}).items()]
        self.files = PluginFiles(files)
        self.warnings: list[str] = []
        try:
            self.module = self.files.load()
            reader = ToolReader(
                self.module,
                SignatureReader(self.files.sources, self.warnings.append),
                set(self.files.parts),
                **settings,
            )
            sources = self.files.sources
            self.tools = reader.read(sources.imported_names(self.files.name), sources.defined_names(self.files.name))
        finally:
            if self.files in sys.meta_path:
                sys.meta_path.remove(self.files)  # type: ignore[arg-type]

    def names(self) -> list[str]:
        """Returns the names of the tools that are offered."""
        return [tool.name for tool in self.tools if not tool.fault]

    def tool(self, name: str = "f") -> Tool:
        """Returns the tool with a name."""
        return next(tool for tool in self.tools if tool.name == name)


def require(package: str) -> None:
    """Skips the test without a package."""
    try:
        __import__(package)
    except ImportError:
        raise unittest.SkipTest(
            f"{sys.executable} does not have the package {package}; TOOLHOST_TEST_PYTHON can name a Python that has it"
        ) from None
