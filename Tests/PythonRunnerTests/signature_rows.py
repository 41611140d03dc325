"""The table of signatures: parameters, their schemas, and what arguments become."""

from __future__ import annotations

import decimal
from dataclasses import dataclass, field
from typing import Any

from support import Loaded

ANY: dict[str, Any] = {}
STRING, INTEGER, NUMBER, BOOLEAN = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))
UNSET = object()

HEADER = """\
import collections, dataclasses, datetime, decimal, enum, ipaddress, pathlib, re, typing, uuid
from collections.abc import *
from dataclasses import dataclass
from datetime import date, datetime as moment, time, timedelta
from decimal import Decimal
from enum import *
from pathlib import Path
from typing import Annotated, Any, Dict, List, Literal, NamedTuple, NewType, Optional, TypedDict, TypeVar, Union
from uuid import UUID
__all__ = ["f"]
"""

UNIT = """
class Unit(Enum):
    C = "celsius"
    F = "fahrenheit"
"""
POINT = '''
@dataclass
class Point:
    """A place on a map.

    Attributes:
        x: Metres to the east.
    """
    x: float
    y: float = 0.5
'''
POINT_SCHEMA = {
    "type": "object",
    "description": "A place on a map.",
    "required": ["x"],
    "properties": {
        "x": {"type": "number", "description": "Metres to the east."},
        "y": {"type": "number", "default": 0.5},
    },
    "additionalProperties": False,
}
USER = """
from pydantic import BaseModel, Field
class User(BaseModel):
    name: str
    title: str = "Dr"
"""
USER_SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "title": {"type": "string", "default": "Dr"}},
}


@dataclass
class Row:
    """A parameter and its expected schema.

    The function is called with the argument ``given``, and ``becomes`` is the expected ``repr`` of what it receives.
    """

    number: int
    parameter: str
    schema: dict[str, Any]
    is_required: bool = True
    before: str = ""
    given: Any = UNSET
    becomes: str = ""
    since: tuple[int, int] = (3, 9)
    package: str = ""
    definitions: dict[str, Any] = field(default_factory=dict)
    name: str = "x"
    is_future: bool = False


def enumeration(kind: str, *values: Any, **more: Any) -> dict[str, Any]:
    return {"type": kind, "enum": list(values), **more}


def array(items: Any = None, **more: Any) -> dict[str, Any]:
    return {"type": "array", **({} if items is None else {"items": items}), **more}


ROWS = [
    Row(1, "x: str", STRING, given="a", becomes="'a'"),
    Row(1, "x: int", INTEGER, given=2, becomes="2"),
    Row(1, "x: float", NUMBER, given=2, becomes="2.0"),
    Row(1, "x: bool", BOOLEAN, given=True, becomes="True"),
    Row(2, "x", ANY, given={"a": [1.5]}, becomes="{'a': [1.5]}"),
    Row(3, "x=3", {**NUMBER, "default": 3}, False, given=4, becomes="4"),
    Row(3, "x=3", {**NUMBER, "default": 3}, False, becomes="3"),
    Row(4, "x='a'", {**STRING, "default": "a"}, False),
    Row(4, "x=[]", array(default=[]), False, given=[1], becomes="[1]"),
    Row(5, "x: Any", ANY),
    Row(5, "x: object", ANY),
    Row(6, "x: int = 5", {**INTEGER, "default": 5}, False, becomes="5"),
    Row(7, "x: Optional[int] = None", {"type": ["integer", "null"]}, False, given=None, becomes="None"),
    Row(8, "x: Optional[int]", {"type": ["integer", "null"]}, given=3, becomes="3"),
    Row(9, "x: int = None", {"type": ["integer", "null"]}, False, becomes="None"),
    Row(10, "x: Union[int, str]", {"type": ["integer", "string"]}, given="3", becomes="'3'"),
    Row(11, "x: int | str | None = None", {"type": ["integer", "string", "null"]}, False, since=(3, 10)),
    Row(
        11, "x: int | str | None = None", {"type": ["integer", "string", "null"]}, False, since=(3, 10), is_future=True
    ),
    Row(12, "x: None", {"type": "null"}, given=None, becomes="None"),
    Row(13, "x: Literal['a', 'b']", enumeration("string", "a", "b"), given="b", becomes="'b'"),
    Row(14, "x: Literal[1, 'b', None] = 1", {"enum": [1, "b", None], "default": 1}, False, given=None, becomes="None"),
    Row(
        15,
        "x: Unit",
        enumeration("string", "celsius", "fahrenheit"),
        before=UNIT,
        given="celsius",
        becomes="<Unit.C: 'celsius'>",
    ),
    Row(
        16,
        "x: Unit = Unit.C",
        enumeration("string", "celsius", "fahrenheit", default="celsius"),
        False,
        before=UNIT,
        becomes="<Unit.C: 'celsius'>",
    ),
    Row(
        17,
        "x: Level",
        enumeration("integer", 1, 2),
        before="class Level(IntEnum):\n    LOW = 1\n    HIGH = 2",
        given=2,
        becomes="<Level.HIGH: 2>",
    ),
    Row(
        18,
        "x: Mode",
        enumeration("string", "R", "W"),
        before="class Mode(Flag):\n    R = 1\n    W = 2",
        given="W",
        becomes="<Mode.W: 2>",
    ),
    Row(
        19,
        "x: Colour",
        enumeration("string", "RED", "BLUE"),
        before="class Colour(Enum):\n    RED = (255, 0, 0)\n    BLUE = (0, 0, 255)",
        given="RED",
        becomes="<Colour.RED: (255, 0, 0)>",
    ),
    Row(20, "x: Point", POINT_SCHEMA, before=POINT, given={"x": 1}, becomes="Point(x=1.0, y=0.5)"),
    Row(
        21,
        "x: Node",
        {"$ref": "#/$defs/Node"},
        before="@dataclass\nclass Node:\n    value: int\n    next: Optional['Node'] = None",
        given={"value": 1, "next": {"value": 2}},
        becomes="Node(value=1, next=Node(value=2, next=None))",
        definitions={
            "Node": {
                "type": "object",
                "required": ["value"],
                "properties": {"value": INTEGER, "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}},
                "additionalProperties": False,
            }
        },
    ),
    Row(
        22,
        "x: Film",
        {
            "type": "object",
            "required": ["title"],
            "properties": {"title": STRING, "year": INTEGER},
            "additionalProperties": False,
        },
        before="class Film(TypedDict):\n    title: str\n    year: typing.NotRequired[int]",
        given={"title": "M"},
        becomes="{'title': 'M'}",
        since=(3, 11),
    ),
    Row(
        22,
        "x: Film",
        {
            "type": "object",
            "properties": {"title": STRING},
            "additionalProperties": False,
        },
        before="class Film(TypedDict, total=False):\n    title: str",
        given={},
        becomes="{}",
    ),
    Row(
        22,
        "x: Film",
        {
            "type": "object",
            "required": ["title"],
            "properties": {"title": STRING, "year": INTEGER},
            "additionalProperties": False,
        },
        before="from typing_extensions import NotRequired, TypedDict\nclass Film(TypedDict):\n    title: str\n"
        "    year: NotRequired[int]",
        is_future=True,
        package="typing_extensions",
    ),
    Row(
        23,
        "x: Place",
        {
            "type": "object",
            "required": ["name"],
            "properties": {"name": STRING, "height": {**INTEGER, "default": 3}},
            "additionalProperties": False,
        },
        before="class Place(NamedTuple):\n    name: str\n    height: int = 3",
        given={"name": "A"},
        becomes="Place(name='A', height=3)",
    ),
    Row(
        24,
        "x: User",
        USER_SCHEMA,
        before=USER,
        given={"name": "Ada"},
        becomes="User(name='Ada', title='Dr')",
        package="pydantic",
    ),
    Row(
        25,
        "x: Optional[User] = None",
        {"anyOf": [USER_SCHEMA, {"type": "null"}]},
        False,
        before=USER,
        given={"name": "Ada"},
        becomes="User(name='Ada', title='Dr')",
        package="pydantic",
    ),
    Row(
        26,
        "x: List[User]",
        array(USER_SCHEMA),
        before=USER,
        given=[{"name": "Ada"}],
        becomes="[User(name='Ada', title='Dr')]",
        package="pydantic",
    ),
    Row(
        27,
        "x: Tree",
        {"$ref": "#/$defs/Tree"},
        before="from pydantic import BaseModel\nclass Tree(BaseModel):\n    children: List['Tree'] = []",
        given={"children": [{}]},
        becomes="Tree(children=[Tree(children=[])])",
        package="pydantic",
        definitions={
            "Tree": {
                "type": "object",
                "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}, "default": []}},
            }
        },
    ),
    Row(
        28,
        "x: Item",
        {
            "type": "object",
            "required": ["name"],
            "properties": {"name": STRING, "count": {**INTEGER, "default": 1}},
            "additionalProperties": False,
        },
        before="import attr\n@attr.define\nclass Item:\n    name: str\n    count: int = 1",
        given={"name": "a"},
        becomes="Item(name='a', count=1)",
        package="attr",
    ),
    Row(
        28,
        "x: Item",
        {
            "type": "object",
            "required": ["name"],
            "properties": {"name": STRING, "count": {**INTEGER, "default": 1}},
            "additionalProperties": False,
        },
        before="import msgspec\nclass Item(msgspec.Struct):\n    name: str\n    count: int = 1",
        given={"name": "a"},
        becomes="Item(name='a', count=1)",
        package="msgspec",
    ),
    Row(29, "x: list", array(), given=["a", 1], becomes="['a', 1]"),
    Row(29, "x: dict", {"type": "object"}, given={"a": 1}, becomes="{'a': 1}"),
    Row(30, "x: list[str]", array(STRING), given=["a"], becomes="['a']"),
    Row(31, "x: List[List[int]]", array(array(INTEGER)), given=[[1]], becomes="[[1]]"),
    Row(32, "x: set[int]", array(INTEGER, uniqueItems=True), given=[1], becomes="{1}"),
    Row(32, "x: frozenset", array(uniqueItems=True), given=[1], becomes="frozenset({1})"),
    Row(
        33,
        "x: tuple[int, str]",
        array(prefixItems=[INTEGER, STRING], minItems=2, maxItems=2),
        given=[1, "a"],
        becomes="(1, 'a')",
    ),
    Row(34, "x: tuple[float, float]", array(NUMBER, minItems=2, maxItems=2), given=[1, 2], becomes="(1.0, 2.0)"),
    Row(35, "x: tuple[int, ...]", array(INTEGER), given=[1, 2], becomes="(1, 2)"),
    Row(
        36, "x: dict[str, int]", {"type": "object", "additionalProperties": INTEGER}, given={"a": 1}, becomes="{'a': 1}"
    ),
    Row(
        37,
        "x: dict[int, str]",
        {
            "type": "object",
            "propertyNames": {"pattern": "^-?[0-9]+$"},
            "additionalProperties": STRING,
        },
        given={"-1": "a"},
        becomes="{-1: 'a'}",
    ),
    Row(38, "x: Sequence[str]", array(STRING), given=["a"], becomes="['a']"),
    Row(38, "x: Iterable[str]", array(STRING)),
    Row(38, "x: Collection[str]", array(STRING)),
    Row(39, "x: Mapping[str, list[int]]", {"type": "object", "additionalProperties": array(INTEGER)}),
    Row(
        40,
        "x: Union[list[int], dict[str, int]]",
        {
            "anyOf": [array(INTEGER), {"type": "object", "additionalProperties": INTEGER}],
        },
        given={"a": 1},
        becomes="{'a': 1}",
    ),
    Row(41, "*x: int", array(INTEGER), False, given=[1, 2], becomes="(1, 2)"),
    Row(43, "x: int, /", INTEGER, given=1, becomes="1"),
    Row(45, "x: bytes", {**STRING, "contentEncoding": "base64"}, given="aGk=", becomes="b'hi'"),
    Row(46, "x: Path", STRING, given="/a", becomes="PosixPath('/a')"),
    Row(
        47,
        "x: moment",
        {**STRING, "format": "date-time"},
        given="2024-01-02T03:04:05Z",
        becomes="datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)",
    ),
    Row(47, "x: date", {**STRING, "format": "date"}, given="2024-01-02", becomes="datetime.date(2024, 1, 2)"),
    Row(47, "x: time", {**STRING, "format": "time"}, given="03:04:05", becomes="datetime.time(3, 4, 5)"),
    Row(48, "x: date = date(2024, 1, 1)", {**STRING, "format": "date"}, False, becomes="datetime.date(2024, 1, 1)"),
    Row(
        49,
        "x: timedelta",
        {**NUMBER, "description": "In seconds."},
        given=1.5,
        becomes="datetime.timedelta(seconds=1, microseconds=500000)",
    ),
    Row(50, "x: Decimal", NUMBER, given=decimal.Decimal("0.10"), becomes="Decimal('0.10')"),
    Row(
        51,
        "x: UUID",
        {**STRING, "format": "uuid"},
        given="12345678-1234-5678-1234-567812345678",
        becomes="UUID('12345678-1234-5678-1234-567812345678')",
    ),
    Row(
        51,
        "x: ipaddress.IPv4Address",
        {**STRING, "format": "ipv4"},
        given="127.0.0.1",
        becomes="IPv4Address('127.0.0.1')",
    ),
    Row(51, "x: ipaddress.IPv6Address", {**STRING, "format": "ipv6"}, given="::1", becomes="IPv6Address('::1')"),
    Row(51, "x: re.Pattern", {**STRING, "format": "regex"}, given="a+", becomes="re.compile('a+')"),
    Row(52, "x: Annotated[int, 'how many']", {**INTEGER, "description": "how many"}),
    Row(
        53,
        "x: Annotated[int, Field(ge=1, description='how many')]",
        {**INTEGER, "minimum": 1, "description": "how many"},
        before="from pydantic import Field",
        package="pydantic",
    ),
    Row(
        54,
        "x: Annotated[str, Len(1, 5), Doc('a word')]",
        {**STRING, "minLength": 1, "maxLength": 5, "description": "a word"},
        before="from annotated_types import Len\nfrom typing_extensions import Doc",
        package="annotated_types",
    ),
    Row(55, "x: Key", STRING, before="Key = NewType('Key', str)", given="a", becomes="'a'"),
    Row(55, "x: T", INTEGER, before="T = TypeVar('T', bound=int)"),
    Row(55, "x: Names", array(STRING), before="type Names = list[str]", since=(3, 12)),
    Row(56, "x: T", {"type": ["integer", "number"]}, before="T = TypeVar('T', int, float)", given=2, becomes="2"),
    Row(58, "x: 'Missing'", ANY, given=1, becomes="1"),
    Row(59, "x: Optional[int] = None", {"type": ["integer", "null"]}, False, is_future=True),
    Row(
        59,
        "x: Unit",
        enumeration("string", "celsius", "fahrenheit"),
        before=UNIT,
        is_future=True,
        given="celsius",
        becomes="<Unit.C: 'celsius'>",
    ),
    Row(60, "_x: int", INTEGER, name="_x", given=1, becomes="1"),
    Row(61, "x: float = float('nan')", NUMBER, False),
    # Beyond the table.
    Row(
        0,
        "x: int = Field(5, ge=1, description='how many')",
        {**INTEGER, "minimum": 1, "description": "how many", "default": 5},
        False,
        before="from pydantic import Field",
        becomes="5",
        package="pydantic",
    ),
    Row(
        0,
        "x: int = Field(description='how many')",
        {**INTEGER, "description": "how many"},
        before="from pydantic import Field",
        given=3,
        becomes="3",
        package="pydantic",
    ),
    Row(
        0,
        "x: Order",
        {
            "type": "object",
            "required": ["article"],
            "properties": {
                "article": {
                    "type": "object",
                    "properties": {"name": {"type": "string", "default": "B1"}, "id": STRING},
                },
                "count": {"type": "integer", "default": 1, "minimum": 1},
                "made": STRING,
                "note": {"anyOf": [STRING, {"type": "null"}]},
            },
        },
        # A computed default would differ at each start.
        before="""
import random
from pydantic import BaseModel, Field
class Article(BaseModel):
    name: str = "B1"
    id: str = str(random.getrandbits(64))
class Base(BaseModel):
    article: Article
    count: int = Field(1, ge=1)
class Order(Base):
    made: str = str(random.getrandbits(64))
    note: Optional[str] = None
""",
        package="pydantic",
    ),
    Row(
        0,
        "x: Item",
        {
            "type": "object",
            "properties": {"count": {"type": "integer", "default": 3}, "tags": array(STRING)},
            "additionalProperties": False,
        },
        before="@dataclass\nclass Item:\n    count: int = dataclasses.field(default=3)\n"
        "    tags: list[str] = dataclasses.field(default_factory=list)",
        given={},
        becomes="Item(count=3, tags=[])",
    ),
    Row(
        0,
        "x: moment",
        {**STRING, "format": "date-time"},
        given="2024-01-02T03:04:05.5+01:00",
        becomes="datetime.datetime(2024, 1, 2, 3, 4, 5, 500000, tzinfo="
        "datetime.timezone(datetime.timedelta(seconds=3600)))",
    ),
    Row(
        0,
        "x: Event",
        {
            "type": "object",
            "properties": {"date": {"type": ["string", "null"], "format": "date"}},
            "additionalProperties": False,
        },
        before="@dataclass\nclass Event:\n    date: Optional[date] = None",
        is_future=True,
        given={"date": "2024-01-02"},
        becomes="Event(date=datetime.date(2024, 1, 2))",
    ),
    Row(
        0,
        "x: Optional[Literal['a']] = None",
        {"type": ["string", "null"], "enum": ["a", None]},
        False,
        given=None,
        becomes="None",
    ),
    Row(
        0,
        "x: Optional[date] = None",
        {"type": ["string", "null"], "format": "date"},
        False,
        given="2024-01-02",
        becomes="datetime.date(2024, 1, 2)",
    ),
    Row(
        0,
        "x: 'list[Unit]'",
        array(enumeration("string", "celsius", "fahrenheit")),
        before=UNIT,
        given=["celsius"],
        becomes="[<Unit.C: 'celsius'>]",
    ),
    Row(
        0,
        "x: dict[Unit, int]",
        {
            "type": "object",
            "propertyNames": enumeration("string", "celsius", "fahrenheit"),
            "additionalProperties": INTEGER,
        },
        before=UNIT,
        given={"celsius": 1},
        becomes="{<Unit.C: 'celsius'>: 1}",
    ),
    Row(0, "x: tuple[()]", array(maxItems=0), since=(3, 11), given=[], becomes="()"),
    Row(
        0,
        "x: Json",
        {"$ref": "#/$defs/Json"},
        before="type Json = list[Json] | str",
        since=(3, 12),
        given=["a", ["b"]],
        becomes="['a', ['b']]",
        definitions={"Json": {"anyOf": [array({"$ref": "#/$defs/Json"}), STRING]}},
    ),
    Row(0, "x: Callable = None", ANY, False, name="none"),
]


def load(row: Row) -> Loaded:
    # The function returns what it receives.
    future = "from __future__ import annotations\n" if row.is_future else ""
    name = row.name if row.name != "none" else "x"
    return Loaded(f"{future}{HEADER}{row.before}\ndef f({row.parameter}):\n    return {name}\n")
