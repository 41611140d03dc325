"""The loading of a plugin's module and of the modules beside it, from files that are already open."""

from __future__ import annotations

import ast
import importlib
import importlib.machinery
import linecache
import os
import posixpath
import sys
import types
from collections.abc import Sequence
from typing import Any, Optional, cast

from .sources import Sources

#: The largest size of a file in bytes.
MAXIMUM_BYTES = 4 << 20
#: The largest number of files.
MAXIMUM_PARTS = 256
_SUFFIX = ".py"


class LoadError(Exception):
    """A plugin that cannot be loaded.

    The code is one of toolhost's codes for plugin errors. The message is in sentences.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


class Part:
    """A file of a plugin."""

    def __init__(self, path: str, text: str, is_package: bool) -> None:
        self.path, self.text, self.is_package = path, text, is_package


def read_file(argument: str) -> tuple[str, bytes]:
    """Reads the file of an argument ``DESCRIPTOR:PATH``, and closes the descriptor."""
    number, _, path = argument.partition(":")
    try:
        descriptor = int(number)
        try:
            chunks: list[bytes] = []
            size = 0
            while size <= MAXIMUM_BYTES:
                chunk = os.pread(descriptor, 1 << 20, size)
                if not chunk:
                    return path, b"".join(chunks)
                chunks.append(chunk)
                size += len(chunk)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise LoadError("notFound", f"{posixpath.basename(path)} cannot be read: {error}.") from None
    raise LoadError("notLoadable", f"{posixpath.basename(path)} is larger than {MAXIMUM_BYTES >> 20} MiB.")


def is_standard(name: str) -> bool:
    """Returns true if the standard library has a module with a name."""
    names = getattr(sys, "stdlib_module_names", None)
    if names is not None:
        return name in names
    if name in sys.builtin_module_names:
        return True
    library = os.path.dirname(os.__file__)  # Before Python 3.10.
    search = [library, os.path.join(library, "lib-dynload")]
    return importlib.machinery.PathFinder.find_spec(name, search) is not None


class PluginFiles:
    """The files of a plugin, and the finder and loader of exactly these modules."""

    def __init__(
        self, files: Sequence[tuple[str, bytes]], known_names: Sequence[str] = (), interpreter: str = ""
    ) -> None:
        """Takes over the files of a plugin.

        Args:
            files: Their paths and contents; the first one is the plugin's own.
            known_names: Modules of the same directory that are no parts.
            interpreter: The path of the interpreter, for messages.
        """
        if not files or len(files) > MAXIMUM_PARTS:
            raise LoadError("notLoadable", f"It has {len(files)} parts; at most {MAXIMUM_PARTS} are taken.")
        self.sources = Sources()
        self.parts: dict[str, Part] = {}
        self._known_names, self._interpreter = set(known_names), interpreter or sys.executable
        path = files[0][0]
        root, stem = posixpath.dirname(path), posixpath.basename(path)[: -len(_SUFFIX)]
        #: The name of the plugin's module. It takes the place of no other module.
        self.name = stem if not is_standard(stem.partition(".")[0]) and stem not in sys.modules else stem + "_plugin"
        for path, content in files:
            name = self.name if not self.parts else self._module_name(path, root)
            if name and (not self.parts or not is_standard(name.partition(".")[0])):
                self._add(name, path, content)

    @staticmethod
    def _module_name(path: str, root: str) -> str:
        relative = posixpath.relpath(path, root)
        names = relative[: -len(_SUFFIX)].split("/")
        if not relative.endswith(_SUFFIX) or not all(name.isidentifier() for name in names):
            return ""
        return ".".join(names[:-1] if names[-1] == "__init__" else names)

    def _add(self, name: str, path: str, content: bytes) -> None:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise LoadError("notLoadable", f"It is not UTF-8: {self._place(path, line, name)}.") from None
        # Tracebacks show lines of files that can no longer be opened.
        linecache.cache[path] = (len(content), None, text.splitlines(True), path)
        self.parts[name] = Part(path, text, posixpath.basename(path) == "__init__.py")

    # ---- The finder and the loader ---------------------------------------------------------------------------------

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Optional[importlib.machinery.ModuleSpec]:
        """Returns the specification of a part. The import system calls this."""
        part = self.parts.get(name)
        if part is None:
            return None
        spec = importlib.machinery.ModuleSpec(name, cast(Any, self), origin=part.path, is_package=part.is_package)
        spec.has_location = True
        return spec

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Lets the import system create the module."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Runs the code of a part."""
        name = module.__spec__.name if module.__spec__ else module.__name__
        part = self.parts[name]
        tree = ast.parse(part.text, part.path)
        self.sources.add(part.path, name, tree)
        exec(compile(tree, part.path, "exec", dont_inherit=True), module.__dict__)

    def get_source(self, name: str) -> Optional[str]:
        """Returns the text of a part, for the module ``inspect``."""
        part = self.parts.get(name)
        return part.text if part else None

    # ---- The plugin ------------------------------------------------------------------------------------------------

    def load(self) -> types.ModuleType:
        """Runs the plugin's module and returns it.

        Raises:
            LoadError: It cannot be loaded, as the cause tells.
        """
        sys.meta_path.insert(0, self)
        try:
            return importlib.import_module(self.name)
        except SyntaxError as error:
            if error.filename not in {part.path for part in self.parts.values()}:
                raise LoadError("notLoadable", self._failure(error)) from error
            place = self._place(error.filename or "", error.lineno)
            raise LoadError("notLoadable", f"It is not valid Python: {error.msg} ({place}).") from error
        except ModuleNotFoundError as error:
            raise LoadError("notLoadable", self._missing_module(error)) from error
        except SystemExit as error:
            text = "" if error.code is None else f" with {str(error.code)[:200]}"
            raise LoadError(
                "notLoadable", f"It ended itself{text} while it was loaded{self._line(error)}. {_ADVICE}"
            ) from error
        except BaseException as error:
            raise LoadError("notLoadable", self._failure(error)) from error

    def _failure(self, error: BaseException) -> str:
        message = f"{type(error).__name__}: {str(error)[:1000]}".rstrip(": .")
        advice = f" {_ADVICE}" if isinstance(error, (OSError, EOFError)) else ""
        return f"It failed while it was loaded{self._line(error)}: {message}.{advice}"

    def _missing_module(self, error: ModuleNotFoundError) -> str:
        name = (error.name or "").partition(".")[0]
        if name in self._known_names:
            return (
                f"It imports {name} by a name that is made at run time{self._line(error)}; only modules that the file "
                "names in an import statement can be imported."
            )
        if not name or name in sys.modules or name in self.parts:
            return self._failure(error)
        return f"It needs the package {name}, which {self._interpreter} does not have."

    def _line(self, error: BaseException) -> str:
        """Returns the place of the last line of the plugin that ran, for the middle of a sentence."""
        paths = {part.path for part in self.parts.values()}
        place = ""
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in paths:
                place = f", in {self._place(trace.tb_frame.f_code.co_filename, trace.tb_lineno)}"
            trace = trace.tb_next
        return place

    def _place(self, path: str, line: Optional[int], name: str = "") -> str:
        own = self.parts.get(self.name)
        is_own = own is None or own.path == path or name == self.name
        return f"line {line}" if is_own else f"line {line} of {posixpath.basename(path)}"


_ADVICE = 'If the file is also a program, put what it runs under `if __name__ == "__main__":`.'
