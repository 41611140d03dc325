"""The reader of docstrings in the styles of Google, NumPy and Sphinx, and in one line.

Only the names of parameters count as entries. Sections about results, errors, notes and examples are left out; the text
before and between the sections is the description.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection
from typing import Optional

#: A longer docstring is cut.
MAXIMUM_LENGTH = 64 << 10

_PARAMETERS = {
    "args",
    "arguments",
    "parameters",
    "params",
    "keyword args",
    "keyword arguments",
    "other parameters",
    "attributes",
    "other arguments",
    "fields",
}
_DROPPED = {
    "returns",
    "return",
    "yields",
    "yield",
    "receives",
    "raises",
    "raise",
    "exceptions",
    "except",
    "throws",
    "warns",
    "note",
    "notes",
    "example",
    "examples",
    "usage",
    "see also",
    "references",
    "todo",
    "warning",
    "warnings",
    "methods",
}
_HEADER = re.compile(r"([A-Za-z][A-Za-z ]{1,24}):[ \t]*$")
_ENTRY = re.compile(r"\*{0,2}([A-Za-z_]\w*)\s*(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*:(?:\s+|$)")
_FIELD = re.compile(
    r"(?::(param|parameter|arg|argument|key|keyword|var|ivar|type|raises?|except|exception|returns?|rtype|yields?)\b"
    r"([^:\n]*):|@(param|arg|keyword|type|raises?|throws|except|returns?|rtype|yields?)\b[ \t]*([\w*]*)[ \t]*:?)(?:\s+|$)"
)
_FIELD_OF_PARAMETER = {"param", "parameter", "arg", "argument", "key", "keyword", "var", "ivar"}
_UNBROKEN_FIELD = re.compile(
    r"(?<=\S)[ \t]+(?=:(?:param|parameter|arg|argument|type|raises?|returns?|rtype)\b[^:\n]*:)"
)


class Documentation:
    """The description of a function or class, and the descriptions of its parameters."""

    def __init__(self) -> None:
        self.text = ""
        self.parameters: dict[str, str] = {}


def read(docstring: Optional[str], names: Collection[str]) -> Documentation:
    """Reads a docstring.

    Args:
        docstring: The docstring, or None for an empty one.
        names: The names of the parameters.
    """
    result = Documentation()
    if not docstring:
        return result
    text = inspect.cleandoc(docstring[:MAXIMUM_LENGTH])
    text = _UNBROKEN_FIELD.sub("\n", text)
    reader = _Reader([line.rstrip() for line in text.split("\n")], frozenset(names), result)
    reader.run()
    return result


class _Reader:
    def __init__(self, lines: list[str], names: frozenset[str], result: Documentation) -> None:
        self._lines, self._names, self._result = lines, names, result
        self._kept: list[str] = []

    def run(self) -> None:
        index = 0
        while index < len(self._lines):
            index = self._take_section(index)
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(self._kept)).strip()
        self._result.text = self._without_unbroken_sections(text)

    def _take_section(self, index: int) -> int:
        """Takes the section or the line at an index, and returns the index after it."""
        line = self._lines[index]
        indentation = _indentation(line)
        numpy = self._underlined(index)
        if numpy is not None:
            end = index + 2
            while end < len(self._lines) and self._underlined(end) is None:
                end += 1
            block = self._lines[index + 2 : end]
            # Text at the margin would be an entry, so the block ends at the next header only.
            if numpy in _PARAMETERS:
                self._take_entries(block, indentation, is_numpy=True)
            elif numpy not in _DROPPED:
                self._kept += self._lines[index:end]
            return end
        field = _FIELD.match(line, indentation)
        if field:
            end = self._end_of_block(index + 1, indentation)
            self._take_field(field, [line[field.end() :], *self._lines[index + 1 : end]])
            return end
        header = _HEADER.match(line, indentation)
        name = header.group(1).lower() if header else ""
        if name in _PARAMETERS or name in _DROPPED:
            end = self._end_of_block(index + 1, indentation)
            block = self._lines[index + 1 : end]
            # Entries may stand below the header without an indentation.
            if name in _PARAMETERS and not any(block):
                end = index + 1
                while end < len(self._lines) and (entry := self._entry(self._lines[end], indentation)):
                    end = self._end_of_block(end + 1, indentation, stops_at_blank=True)
                    if entry not in self._names:
                        break
                block = self._lines[index + 1 : end]
            if any(block) or name not in _PARAMETERS:
                if name in _PARAMETERS:
                    self._take_entries(block, min(_indentation(item) for item in block if item), is_numpy=False)
                return end
        self._kept.append(line)
        return index + 1

    # ---- Blocks ----------------------------------------------------------------------------------------------------

    def _underlined(self, index: int) -> Optional[str]:
        """Returns the title that is underlined at an index, in lower case."""
        if index + 1 >= len(self._lines):
            return None
        title, line = self._lines[index].strip(), self._lines[index + 1].strip()
        if len(line) < 3 or line.strip("-") or not title or len(title) > 40:
            return None
        return title.rstrip(":").lower()

    def _end_of_block(self, start: int, indentation: int, stops_at_blank: bool = False) -> int:
        """Returns the index after the deeper lines from an index on."""
        end = index = start
        while index < len(self._lines):
            line = self._lines[index]
            if not line and stops_at_blank or line and _indentation(line) <= indentation:
                break
            index += 1
            if line:
                end = index
        return end

    def _entry(self, line: str, indentation: int) -> str:
        entry = _ENTRY.match(line, indentation) if _indentation(line) == indentation else None
        return entry.group(1) if entry else ""

    def _take_entries(self, block: list[str], indentation: int, is_numpy: bool) -> None:
        """Takes the entries of a section whose lines begin at an indentation."""
        current: list[str] = []
        words: list[str] = []

        def finish() -> None:
            for name in current:
                self._describe(name, words)

        for line in block:
            if not line:
                continue
            if _indentation(line) <= indentation:
                names, text = self._numpy_names(line) if is_numpy else self._google_names(line, indentation)
                if names is not None:
                    finish()
                    current, words = names, [text] if text else []
                    continue
            words.append(line.strip())
        finish()

    def _google_names(self, line: str, indentation: int) -> tuple[Optional[list[str]], str]:
        entry = _ENTRY.match(line, indentation)
        if not entry:
            return None, ""
        return [name for name in [entry.group(1)] if name in self._names], line[entry.end() :].strip()

    def _numpy_names(self, line: str) -> tuple[Optional[list[str]], str]:
        head = line.partition(":")[0]
        return [name for part in head.split(",") if (name := part.strip().lstrip("*")) in self._names], ""

    def _take_field(self, field: re.Match[str], lines: list[str]) -> None:
        kind, argument = field.group(1) or field.group(3), field.group(2) or field.group(4) or ""
        words = argument.split()
        if kind in _FIELD_OF_PARAMETER and words and words[-1].lstrip("*") in self._names:
            self._describe(words[-1].lstrip("*"), lines)

    def _describe(self, name: str, lines: list[str]) -> None:
        text = " ".join(" ".join(lines).split())
        if text and name not in self._result.parameters:
            self._result.parameters[name] = text

    # ---- One line --------------------------------------------------------------------------------------------------

    def _without_unbroken_sections(self, text: str) -> str:
        """Takes the sections of a docstring whose line breaks were lost, and returns the rest."""
        if not self._names:
            names = ""
        else:
            names = "|".join(sorted(map(re.escape, self._names), key=len, reverse=True))
        kept: list[str] = []
        for line in text.split("\n"):
            start = (
                re.search(rf"(?:^|\s)(?:Args|Arguments|Parameters|Params):\s+(?=\*{{0,2}}(?:{names})\b)", line)
                if names
                else None
            )
            if not start:
                kept.append(line)
                continue
            end = re.search(r"\s(?:Returns?|Yields?|Raises?|Examples?|Notes?):(?:\s|$)", line[start.end() :])
            section = line[start.end() : start.end() + end.start()] if end else line[start.end() :]
            self._take_unbroken_entries(section, names)
            if line[: start.start()].strip():
                kept.append(line[: start.start()].rstrip())
        if len(kept) == 1:
            # A section about the result alone.
            kept[0] = re.split(r"\s(?:Returns|Raises|Yields):\s", kept[0], maxsplit=1)[0]
        return "\n".join(kept).strip()

    def _take_unbroken_entries(self, section: str, names: str) -> None:
        entry = re.compile(rf"(?:^|\s)\*{{0,2}}({names})(?:\s*\([^()]*\))?:(?:\s|$)")
        found: list[re.Match[str]] = []
        seen: set[str] = set()
        for match in entry.finditer(section):
            if match.group(1) not in seen:
                seen.add(match.group(1))
                found.append(match)
        for index, match in enumerate(found):
            end = found[index + 1].start() if index + 1 < len(found) else len(section)
            self._describe(match.group(1), [section[match.end() : end]])


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
