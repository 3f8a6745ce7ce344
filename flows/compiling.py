"""How a dataclass becomes plain data and comes back: one writer and one reader per class, made at first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, NewType, TypeGuard, Union, get_args, get_origin, get_type_hints

from flows.scalars import SCALARS, shape
from flows.unread import Unread

Data = dict[str, Any]
Convert = Callable[[Any], Any]
Upgrade = Callable[[Data], Data]

KIND, VERSION = "kind", "v"


class Unreadable(ValueError):
    """What was stored cannot be read by this version of the product."""


class Compiler:
    """Makes readers and writers, and keeps them. `None` instead of one means that a value stands for itself.

    `families` are open families and their members, `upgrades` the records that carry a version, `names` what
    type hints may mention without importing it.
    """

    def __init__(
        self,
        families: Mapping[type, Sequence[type]],
        upgrades: Mapping[type, Sequence[Upgrade]],
        names: Mapping[str, type],
    ) -> None:
        self._families, self._upgrades, self._names = families, upgrades, dict(names)
        self._members = {member for members in families.values() for member in members}
        self._writers: dict[type, Convert] = {}
        self._readers: dict[Any, Convert | None] = {}

    def writer(self, cls: type) -> Convert:
        """Writes instances of this very class, with the kind if it is a family's member."""
        if cls not in self._writers:
            self._writers[cls] = self._class_writer(cls)
        return self._writers[cls]

    def reader(self, hint: Any) -> Convert:
        """Reads what was written for this class, or for a member of this family."""
        if hint not in self._readers:
            self._readers[hint] = self._reader(hint)
        return self._readers[hint] or _same

    def openers(self, cls: type, parse: Convert) -> Mapping[str, Convert]:
        """For each field of a class, what makes its value of the JSON it stands in: mappings are left unread."""
        hints = self._hints(cls)
        return {field.name: self._opener(hints[field.name], parse) for field in _fields(cls)}

    def _opener(self, hint: Any, parse: Convert) -> Convert:
        if not _is_mapping(get_origin(_plain(hint))):
            return parse
        read = self.reader(hint)
        return lambda kept: Unread(kept, lambda text: read(parse(text)))

    # -- classes --

    def _class_writer(self, cls: type) -> Convert:
        names: dict[str, Any] = {"head": self._head(cls)}
        lines = ["def made(record):", "    data = head.copy()"]
        hints = self._hints(cls)
        for number, field in enumerate(_fields(cls)):
            default, convert = _default(field), self._writer(hints[field.name])
            names |= {f"default{number}": default, f"convert{number}": convert}
            put = f"data[{field.name!r}] ="
            lines.append(f"    value = record.{field.name}")
            if _is_mapping(get_origin(_plain(hints[field.name]))):
                names["Unread"] = Unread
                lines += ["    if type(value) is Unread:", f"        {put} value.kept"]
                branch = "elif"
            else:
                branch = "if"
            differs = "True" if default is MISSING else f"value is not default{number} and value != default{number}"
            value = f"None if value is None else convert{number}(value)" if convert else "value"
            lines += [f"    {branch} {differs}:", f"        {put} {value}"]
        return _made([*lines, "    return data"], names)

    def _class_reader(self, cls: type) -> Convert:
        known = {KIND, *(field.name for field in _fields(cls))}
        # Slots are set one by one: a frozen class's own __init__ takes twice as long, and does nothing else.
        names: dict[str, Any] = {"cls": cls, "known": known, "refuse": _refuse, "new": object.__new__}
        lines = ["def made(data):"]
        if cls in self._upgrades:
            names |= {"upgraded": _upgraded, "upgrades": self._upgrades[cls]}
            lines.append("    data = upgraded(cls, upgrades, data)")
        lines += ["    if not known.issuperset(data):", "        refuse(cls, known, data)", "    record = new(cls)"]
        hints = self._hints(cls)
        for number, field in enumerate(_fields(cls)):
            hint = hints[field.name]
            convert = self._readers[hint] if hint in self._readers else self._reader(hint)
            names |= {
                f"convert{number}": convert,
                f"default{number}": field.default,
                f"new{number}": field.default_factory,
                f"set{number}": getattr(cls, field.name).__set__,
            }
            lines.append(f"    set{number}(record, {_reading(field, number, convert, hint)})")
        checked = ["    record.__post_init__()"] if hasattr(cls, "__post_init__") else []
        return _made([*lines, *checked, "    return record"], names)

    def _head(self, cls: type) -> Data:
        """What stands before the fields: a member's kind, a record's version if it is not the first."""
        head: Data = {KIND: _kind(cls)} if cls in self._members else {}
        upgrades = self._upgrades.get(cls)
        return head | {VERSION: len(upgrades) + 1} if upgrades else head

    def _hints(self, cls: type) -> dict[str, Any]:
        return get_type_hints(cls, localns=self._names)

    # -- values --

    def _writer(self, hint: Any) -> Convert | None:
        hint = _plain(hint)
        origin, args = get_origin(hint), get_args(hint)
        if origin in {Union, UnionType}:
            return self._union_writer(_without_none(args))
        if origin in {tuple, list, Sequence}:
            return _list_writer(self._writer(args[0]))
        if _is_mapping(origin):
            return _mapping_writer(self._writer(args[1]))
        if hint in SCALARS:
            return SCALARS[hint][0]
        if hint in self._families:
            return lambda member: self.writer(type(member))(member)
        if _is_enum(hint):
            return attrgetter("value")
        if _is_record(hint):
            return self.writer(hint)
        raise TypeError(f"no way to write {hint!r}")

    def _reader(self, hint: Any) -> Convert | None:
        hint = _plain(hint)
        origin, args = get_origin(hint), get_args(hint)
        if origin in {Union, UnionType}:
            return self._union_reader(_without_none(args))
        if origin in {tuple, list, Sequence}:
            return _list_reader(list if origin is list else tuple, self._reader(args[0]))
        if _is_mapping(origin):
            return _mapping_reader(_plain(args[0]), self._reader(args[1]))
        if hint in SCALARS:
            return SCALARS[hint][1]
        if hint in self._families:
            return self._member_reader(hint.__name__, self._families[hint])
        if _is_enum(hint):
            return _enum_reader(hint)
        if _is_record(hint):
            return self._class_reader(hint)
        raise TypeError(f"no way to read {hint!r}")

    def _member_reader(self, name: str, members: Sequence[type]) -> Convert:
        by_kind = {_kind(member): member for member in members}

        def read(data: Data) -> Any:
            kind = data.get(KIND)
            member = by_kind.get(kind) if isinstance(kind, str) else None
            if member is None:
                raise Unreadable(f"unknown kind of {name}: {kind!r}")
            reader = self._readers.get(member)
            if reader is None:
                reader = self._readers[member] = self._class_reader(member)
            return reader(data)

        return read

    def _union_writer(self, choices: tuple[Any, ...]) -> Convert | None:
        if len(choices) == 1:
            return self._writer(choices[0])
        writers = {choice: self._writer(choice) or _same for choice in choices}
        kinds = {choice: {KIND: _kind(choice)} for choice in choices if _is_record(choice)}

        def write(value: Any) -> Any:
            data = writers[type(value)](value)
            kind = kinds.get(type(value))
            return kind | data if kind else data

        return write

    def _union_reader(self, choices: tuple[Any, ...]) -> Convert | None:
        if len(choices) == 1:
            return self._reader(choices[0])
        shapes = {shape(choice): self._reader(choice) or _same for choice in choices if not _is_record(choice)}
        records = [choice for choice in choices if _is_record(choice)]
        if records:
            shapes[dict] = self._member_reader(" or ".join(map(_kind, records)), records)
        if float in shapes:
            shapes[int] = shapes[float]
        return lambda value: shapes[type(value)](value)


def _made(lines: Sequence[str], names: dict[str, Any]) -> Convert:
    """The function these lines define. They are made of our own field names only, never of what people wrote."""
    exec("\n".join(lines), names)  # noqa: S102 (twice as fast as loops, and every record passes here twice)
    made: Convert = names["made"]
    return made


def _reading(field: Field[Any], number: int, convert: Convert | None, hint: Any) -> str:
    """The expression that reads one field."""
    got = f"data[{field.name!r}]"
    value = f"convert{number}({got})" if convert else got
    if convert and NoneType in get_args(_plain(hint)):
        value = f"None if {got} is None else {value}"
    if _default(field) is MISSING:
        return value
    absent = f"new{number}()" if field.default is MISSING else f"default{number}"
    return f"({value}) if {field.name!r} in data else {absent}"


def _refuse(cls: type, known: set[str], data: Data) -> None:
    raise Unreadable(f"{cls.__name__} has no field {', '.join(sorted(map(repr, set(data) - known)))}")


def _upgraded(cls: type, upgrades: Sequence[Upgrade], data: Data) -> Data:
    version = data.get(VERSION, 1)
    if not isinstance(version, int) or not 1 <= version <= len(upgrades) + 1:
        raise Unreadable(f"{cls.__name__} of version {version!r}; this product knows up to {len(upgrades) + 1}")
    if VERSION in data:
        data = {name: value for name, value in data.items() if name != VERSION}
    for upgrade in upgrades[version - 1 :]:
        data = upgrade(data)
    return data


def _fields(cls: Any) -> tuple[Field[Any], ...]:
    return fields(cls)


def _default(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING


def _kind(member: Any) -> str:
    return str(getattr(member, KIND, member.__name__))


def _plain(hint: Any) -> Any:
    return _plain(hint.__supertype__) if isinstance(hint, NewType) else hint


def _without_none(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_plain(arg) for arg in args if arg is not NoneType)


def _is_record(hint: Any) -> TypeGuard[type]:
    return isinstance(hint, type) and is_dataclass(hint)


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Enum)


def _is_mapping(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _enum_reader(members: type[Enum]) -> Convert:
    return members


def _same(value: Any) -> Any:
    return value


def _list_writer(convert: Convert | None) -> Convert:
    return list if convert is None else lambda values: [convert(value) for value in values]


def _list_reader(kept: type, convert: Convert | None) -> Convert:
    return kept if convert is None else lambda values: kept([convert(value) for value in values])


def _mapping_writer(convert: Convert | None) -> Convert:
    return dict if convert is None else lambda values: {key: convert(value) for key, value in values.items()}


def _mapping_reader(key: Any, convert: Convert | None) -> Convert:
    each = convert or _same

    def read(values: Mapping[Any, Any]) -> Mapping[Any, Any]:
        if type(values) is Unread:
            return values
        return {int(name) if key is int else name: each(value) for name, value in values.items()}

    return read
