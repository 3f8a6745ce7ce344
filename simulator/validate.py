"""Checks what we are sent against LINE's rules, and words what is wrong as LINE does.

Stricter than LINE in one way: a property that LINE does not know is an error here, so that a typing
mistake is seen. Source of the answer's form: https://developers.line.biz/en/reference/messaging-api/#error-responses
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from simulator import limits, schema
from simulator.rules import RULES
from simulator.text import graphemes, utf16_units

Node = dict[str, Any]

KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}
WHERE = {
    "QuickReplyItem": "quick reply",
    "ButtonsTemplate": "template",
    "ConfirmTemplate": "template",
    "CarouselColumn": "template",
    "ImageCarouselColumn": "image carousel",
    "FlexBubble": "flex",
    "FlexBox": "flex",
    "FlexButton": "flex button",
    "RichMenuArea": "rich menu",
}
"""Which schema an action stands in decides about its label and its kind."""
PLACES = {"defaultAction": "default"}
"""A tap beside the buttons of a template shows no label, so it needs none."""


class Problem(NamedTuple):
    """One thing wrong with a body: where, as a path such as `messages[0].text`, and what."""

    property: str
    message: str


def problems(kind: str, body: object, *, room: str = "messaging", stored_base: str = "") -> list[Problem]:
    """Everything wrong with a body.

    `kind` is an operation ("POST /v2/bot/message/push") or the name of a schema ("Message").
    `stored_base` is a plain http address from which media may be loaded all the same.
    """
    node = schema.operations()[kind]["request"] if " " in kind else {"ref": kind}
    checker = Checker(schema.schemas(room), stored_base)
    checker.check(node, body, "", "")
    return checker.found


def as_answer(found: list[Problem]) -> Node:
    """The body of LINE's 400 for these problems."""
    details = [{"message": each.message, "property": each.property} for each in found]
    return {"message": f"The request body has {len(found)} error(s)", "details": details}


class Checker:
    """One walk through one body, gathering what is wrong."""

    def __init__(self, schemas: dict[str, Node], stored_base: str = "") -> None:
        self.schemas = schemas
        self.stored_base = stored_base
        self.found: list[Problem] = []

    def add(self, path: str, message: str) -> None:
        """Note one problem."""
        self.found.append(Problem(path, message))

    def check(self, node: Node, value: object, path: str, where: str) -> None:
        """Compare one value with its schema."""
        if "ref" in node:
            self.check_named(node["ref"], value, path, where)
        elif "any" in node:
            self.check_any(node["any"], value, path)
        elif self.is_kind(node.get("type", "object"), value, path):
            self.check_kind(node, value, path, where)

    def is_kind(self, kind: str, value: object, path: str) -> bool:
        """Whether the JSON type is right; note it if not."""
        if value is None:
            self.add(path, "must not be null")
        elif not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean"):
            self.add(path, f"must be of type {kind}, not {type(value).__name__}")
        else:
            return True
        return False

    def check_kind(self, node: Node, value: Any, path: str, where: str) -> None:
        """Compare a value of the right JSON type with the rest of its schema."""
        if isinstance(value, dict):
            self.check_properties(node, value, path, where)
        elif isinstance(value, list):
            self.check_items(node, value, path, where)
        elif isinstance(value, str):
            self.check_text(node, value, path)
        elif not isinstance(value, bool):
            self.check_number(node, value, path)

    def check_named(self, name: str, value: Any, path: str, where: str) -> None:
        """Compare a value with a named schema, the rules in words included."""
        node = self.schemas[name]
        if "by" in node:
            self.check_family(name, node, value, path, where)
            return
        if not self.is_kind(node.get("type", "object"), value, path):
            return
        place = WHERE.get(name, where)
        before = len(self.found)
        self.check_kind(node, value, path, place)
        if len(self.found) == before and name in RULES:
            found = RULES[name](value, place)
            self.found += [Problem(join(path, inner), message) for inner, message in found]

    def check_family(self, name: str, node: Node, value: object, path: str, where: str) -> None:
        """Find the member of a family by its announcing property, then compare with that."""
        if not self.is_kind("object", value, path):
            return
        assert isinstance(value, dict)
        word = value.get(node["by"])
        if word is None:
            self.add(join(path, node["by"]), "must be specified")
        elif not isinstance(word, str) or word not in node["to"]:
            self.add(join(path, node["by"]), f"unknown {name} type: {word!r}")
        else:
            self.check_named(node["to"][word], value, path, where)

    def check_any(self, nodes: list[Node], value: object, path: str) -> None:
        """Accept what fits one of several schemas; else report against the nearest."""
        tries = [Checker(self.schemas, self.stored_base) for _ in nodes]
        for node, attempt in zip(nodes, tries, strict=True):
            attempt.check(node, value, path, "")
        nearest = min(tries, key=lambda attempt: len(attempt.found))
        self.found += nearest.found

    def check_properties(self, node: Node, value: Node, path: str, where: str) -> None:
        """Required properties, unknown ones, and each known one."""
        known: dict[str, Node] = node.get("properties", {})
        more: Node | None = node.get("additional")
        if "tag" in node and value.get(node["tag"][0]) not in (None, node["tag"][1]):
            self.add(join(path, node["tag"][0]), f"must be {node['tag'][1]!r}")
            return
        for word in node.get("required", ()):
            if word not in value:
                self.add(join(path, word), "must be specified")
        for word, inner in value.items():
            child = known.get(word, more)
            if child is None:
                self.add(join(path, word), "unknown property")
            else:
                self.check(child, inner, join(path, word), PLACES.get(word, where))

    def check_items(self, node: Node, value: list[Any], path: str, where: str) -> None:
        """The number of items, and each."""
        fewest, most = node.get("minItems", 0), node.get("maxItems")
        if len(value) < fewest or (most is not None and len(value) > most):
            self.add(path, f"Size must be between: {fewest} and {'unlimited' if most is None else most}")
        for index, inner in enumerate(value):
            self.check(node["items"], inner, f"{path}[{index}]", where)

    def check_text(self, node: Node, value: str, path: str) -> None:
        """The length, choice, form and address of a text."""
        self.check_length(node, value, path)
        if "enum" in node and value not in node["enum"]:
            self.add(path, f"must be one of {', '.join(node['enum'])}, not {value!r}")
        if "pattern" in node and not re.search(node["pattern"], value):
            self.add(path, f"must match {node['pattern']}")
        if "form" in node and not node["form"].fullmatch(value):
            self.add(path, f"invalid value: {value!r}")
        if "secure" in node and value and not self.may_load(value):
            self.add(path, "invalid uri scheme: must be an https address")

    def check_length(self, node: Node, value: str, path: str) -> None:
        """The length in the unit that LINE counts here."""
        most = node.get("maxLength")
        fewest = node.get("minLength", 0)
        if not value and fewest:
            self.add(path, "May not be empty")
            return
        if most is None:
            return
        unit = node.get("unit", limits.UNITS)
        length = graphemes(value) if unit == limits.GRAPHEMES else utf16_units(value)
        if not fewest <= length <= most:
            self.add(path, f"Length must be between {fewest} and {most} ({unit}), not {length}")

    def check_number(self, node: Node, value: float, path: str) -> None:
        """The range of a number."""
        if "minimum" in node and value < node["minimum"]:
            self.add(path, f"must be greater than or equal to {node['minimum']}")
        if "maximum" in node and value > node["maximum"]:
            self.add(path, f"must be less than or equal to {node['maximum']}")

    def may_load(self, address: str) -> bool:
        """Whether LINE would load media from there."""
        return address.startswith("https://") or bool(self.stored_base and address.startswith(self.stored_base))


def join(path: str, inner: str) -> str:
    """A path and what follows it."""
    if not path or not inner:
        return path or inner
    return f"{path}{inner}" if inner.startswith("[") else f"{path}.{inner}"
