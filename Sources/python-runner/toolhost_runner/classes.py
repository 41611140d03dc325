"""The shapes of classes: enumerations, and classes with fields of the standard library and of other packages."""

from __future__ import annotations

import dataclasses
import enum
import sys
import typing
from collections.abc import Callable, Mapping
from typing import Any, Optional

from . import docstrings
from .records import Constrained, Field, Model, Record
from .shapes import Choice, NoForm, Shape
from .sources import Sources
from .types import Scope, TypeReader, form_name

_MISSING = object()


class ClassReader:
    """A reader of classes, which keeps the shape of each."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._known: dict[Any, Shape] = {}

    def read(self, reader: TypeReader, cls: Any, variables: Mapping[Any, Any]) -> Optional[Shape]:
        """Returns the shape of an enumeration or of a class with fields, or None for another class."""
        if not isinstance(cls, type):
            return None
        key: Any = (cls, tuple(variables.items()))
        try:
            if key in self._known:
                return self._known[key]
        except TypeError:
            key = (cls, id(variables))
        if issubclass(cls, enum.Enum):
            self._known[key] = _enumeration(cls)
        elif model := _model(cls, self._sources.has_literal_field):
            self._known[key] = model
        else:
            return self._read_fields(reader, cls, variables, key)
        return self._known[key]

    def _read_fields(
        self,
        reader: TypeReader,
        cls: type,
        variables: Mapping[Any, Any],
        key: Any,
    ) -> Optional[Shape]:
        fields = _fields(cls)
        if fields is None:
            return None
        own = vars(cls).get("__doc__")
        # The text that dataclasses and named tuples make is no description.
        is_made = isinstance(own, str) and own.startswith(f"{cls.__name__}(")
        documentation = docstrings.read(
            own if isinstance(own, str) and not is_made else "", [name for name, *_ in fields]
        )
        record = self._known[key] = Record(cls.__name__, cls, documentation.text)
        literals = self._sources.literal_fields(cls)
        try:
            for name, annotation, is_required, attribute, description in fields:
                place = f"the field {name} of {cls.__name__}"
                is_required, annotation = _requirement(annotation, is_required, self._scope(cls, name, variables))
                try:
                    shape = reader.read(annotation, self._scope(cls, name, variables), place)
                except NoForm:
                    if is_required:
                        raise
                    continue
                field = Field(name, shape, is_required, documentation.parameters.get(name, description), attribute)
                if isinstance(shape, Constrained) and shape.description:
                    field.description = ""
                if attribute in literals and not is_required:
                    try:
                        field.default = [shape.encode(literals[attribute])]
                    except NoForm:
                        pass
                record.fields.append(field)
        except NoForm:
            del self._known[key]
            raise
        return record

    @staticmethod
    def _scope(cls: type, name: str, variables: Mapping[Any, Any]) -> Scope:
        """Returns the names for the annotation of a field, which a base class may have."""
        for base in cls.__mro__:
            if name in vars(base).get("__annotations__", {}):
                cls = base
                break
        module = sys.modules.get(cls.__module__)
        # A field may have the name of its type, so only the classes inside are names for annotations.
        own = {name: value for name, value in vars(cls).items() if isinstance(value, type)}
        own[cls.__name__] = cls
        return Scope(vars(module) if module else {}, own, variables)


def _enumeration(cls: type[enum.Enum]) -> Choice:
    members = {name: member for name, member in cls.__members__.items() if member.name == name}
    values = [member.value for member in members.values()]
    if issubclass(cls, enum.Flag) or not all(
        value is None
        or isinstance(value, (str, bool, int))
        or isinstance(value, float)
        and value == value
        and value not in (float("inf"), float("-inf"))
        for value in values
    ):
        return Choice(list(members.items()))
    # The plain value of a member that is a string or an integer itself.
    return Choice([(value, member) for value, member in zip(values, members.values())])


def _model(cls: Any, shows_default: Callable[[str, str], bool]) -> Optional[Shape]:
    """Returns the shape of a class of pydantic, or None for another class."""
    name = cls.__name__
    if callable(getattr(cls, "model_json_schema", None)) and callable(getattr(cls, "model_validate_json", None)):
        return Model(name, lambda: dict(cls.model_json_schema()), cls.model_validate_json, shows_default)
    if hasattr(cls, "__pydantic_validator__") and dataclasses.is_dataclass(cls):
        adapter = sys.modules["pydantic"].TypeAdapter(cls)
        return Model(name, adapter.json_schema, adapter.validate_json, shows_default)
    # Version 1 of pydantic.
    if callable(getattr(cls, "parse_raw", None)) and hasattr(cls, "__fields__"):
        return Model(name, lambda: dict(cls.schema()), cls.parse_raw, shows_default)
    return None


def is_typed_dictionary(cls: Any) -> bool:
    """Returns true for a subclass of TypedDict."""
    return isinstance(cls, type) and issubclass(cls, dict) and hasattr(cls, "__total__")


#: The name in JSON, the annotation, true if the field is required, the name in Python, and a description.
FieldEntry = tuple[str, Any, bool, str, str]


def _fields(cls: type) -> Optional[list[FieldEntry]]:
    """Returns the fields of a class, or None if it is not known to have any."""
    if dataclasses.is_dataclass(cls):
        return [
            (
                field.name,
                field.type,
                field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
                field.name,
                str(field.metadata.get("description", "")),
            )
            for field in _initialised(cls)
        ]
    if is_typed_dictionary(cls):
        return [
            (name, annotation, name in getattr(cls, "__required_keys__"), name, "")
            for name, annotation in annotations_of(cls).items()
        ]
    names = getattr(cls, "_fields", None)
    if issubclass(cls, tuple) and isinstance(names, tuple):
        types, defaults = annotations_of(cls), getattr(cls, "_field_defaults", {})
        return [(name, types.get(name, Any), name not in defaults, name, "") for name in names]
    attributes = getattr(cls, "__attrs_attrs__", None)
    if isinstance(attributes, tuple):
        nothing = getattr(sys.modules.get("attr"), "NOTHING", _MISSING)
        return [
            (
                alias,
                Any if field.type is None else field.type,
                field.default is nothing,
                alias,
                str(field.metadata.get("description", "")),
            )
            for field in attributes
            if field.init
            for alias in [getattr(field, "alias", None) or field.name.lstrip("_")]
        ]
    if hasattr(cls, "__struct_fields__") and "msgspec" in sys.modules:
        entries = sys.modules["msgspec"].structs.fields(cls)
        return [(field.encode_name, field.type, field.required, field.name, "") for field in entries]
    return None


def _initialised(cls: Any) -> list[Any]:
    """Returns the fields that the constructor of a dataclass takes, in order."""
    table = getattr(cls, "__dataclass_fields__")
    kinds = {"_FIELD", "_FIELD_INITVAR"}
    return [
        field
        for field in table.values()
        if field.init and getattr(getattr(field, "_field_type", None), "name", "_FIELD") in kinds
    ]


def annotations_of(value: Any) -> dict[str, Any]:
    """Returns the annotations of a class or function, unevaluated where they cannot be evaluated."""
    if sys.version_info >= (3, 14):
        import annotationlib

        return dict(annotationlib.get_annotations(value, format=annotationlib.Format.FORWARDREF))
    if not isinstance(value, type) or is_typed_dictionary(value):
        return dict(getattr(value, "__annotations__", None) or {})
    result: dict[str, Any] = {}
    for base in reversed(value.__mro__):
        result.update(vars(base).get("__annotations__", {}))
    return result


def _requirement(annotation: Any, is_required: bool, scope: Scope) -> tuple[bool, Any]:
    """Returns true if an annotation makes a key required, and the annotation inside.

    Before 3.11, a TypedDict does not know this of annotations that are strings.
    """
    text = annotation.__forward_arg__ if isinstance(annotation, typing.ForwardRef) else annotation
    if isinstance(text, str) and ("Required[" in text or "InitVar[" in text):
        try:
            annotation = scope.evaluate(text)
        except Exception:  # The reader reports it.
            return is_required, annotation
    if isinstance(annotation, dataclasses.InitVar):
        return is_required, annotation.type
    form = form_name(typing.get_origin(annotation))
    if form in ("Required", "NotRequired"):
        return form == "Required", typing.get_args(annotation)[0]
    return is_required, annotation
