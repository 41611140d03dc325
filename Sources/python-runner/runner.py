"""The script that a worker process of toolhost becomes to run a Python plugin. It is of no use by itself."""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from typing import Any, Optional

_PACKAGE = "toolhost_runner"
_DIRECTORY = os.path.dirname(os.path.abspath(__file__))


class _Loader(SourceFileLoader):
    """A loader that looks for bytecode in a directory of the host."""

    bytecode: Optional[str] = None

    def get_code(self, fullname: str) -> Any:
        # The directory is for these files alone: the standard library has its bytecode beside its sources.
        sys.pycache_prefix = self.bytecode
        try:
            return super().get_code(fullname)
        finally:
            sys.pycache_prefix = None


class _Finder:
    """A finder of the runner's package. Its directory is not among the paths that a plugin imports from."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Optional[ModuleSpec]:
        """Returns the specification of a module of the package. The import system calls this."""
        first, _, rest = name.partition(".")
        if first != _PACKAGE:
            return None
        file = os.path.join(_DIRECTORY, first, f"{rest or '__init__'}.py")
        locations = None if rest else [os.path.join(_DIRECTORY, first)]
        return importlib.util.spec_from_file_location(
            name, file, loader=_Loader(name, file), submodule_search_locations=locations
        )


def _main() -> None:
    arguments = sys.argv[1:]
    if not arguments:
        sys.exit("This script is started by toolhost, and is of no use by itself.")
    if arguments[0] == "--bytecode" and len(arguments) > 1:
        _Loader.bytecode = arguments[1]
    sys.meta_path.insert(0, _Finder)
    # A plugin sees no arguments, as if it were imported by a program of its own.
    sys.argv = [""]
    from toolhost_runner.service import main

    main(arguments)


if __name__ == "__main__":
    _main()
