"""LINE's published description with the documented limits worked in, ready to be checked against."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from simulator import limits

Node = dict[str, Any]

FILE = Path(__file__).with_name("schema.json")
STYLED = ("Flex", "ButtonsTemplate", "Carousel")


@cache
def facts() -> Node:
    """The whole description: `schemas` and `operations`, each by room (messaging, webhook, token)."""
    description: Node = json.loads(FILE.read_text(encoding="utf-8"))
    for name, node in description["schemas"]["messaging"].items():
        _add_limits(name, node)
    return description


@cache
def schemas(room: str) -> dict[str, Node]:
    """The schemas of one room by name."""
    found: dict[str, Node] = facts()["schemas"][room]
    return found


@cache
def operations() -> dict[str, Node]:
    """Every operation ("POST /v2/bot/message/push") with its request and answer."""
    rooms: dict[str, dict[str, Node]] = facts()["operations"]
    return {name: node for room in rooms.values() for name, node in room.items()}


def _add_limits(name: str, node: Node) -> None:
    """Work our hand-kept table into one schema."""
    node["required"] = sorted({*node.get("required", ()), *limits.REQUIRED.get(name, ())})
    for word, child in node.get("properties", {}).items():
        _add_length(name, word, child)
        if (name, word) in limits.ITEMS:
            child["minItems"], child["maxItems"] = limits.ITEMS[name, word]
        if (name, word) in limits.CHOICES:
            child["enum"] = list(limits.CHOICES[name, word])
        if child.get("type") == "string" and "enum" not in child:
            _add_form(name, word, child)


def _add_length(name: str, word: str, child: Node) -> None:
    length = limits.LENGTHS.get((name, word))
    if length:
        child |= {"minLength": length.shortest, "maxLength": length.longest, "unit": length.unit}
    elif word in limits.SECURE_ADDRESSES and child.get("type") == "string":
        child |= {"minLength": 1, "maxLength": 2000, "secure": True}


def _add_form(name: str, word: str, child: Node) -> None:
    if not name.startswith(STYLED):
        return
    form = limits.SIZES.get(name) if word == "size" else limits.FORMS.get(word)
    if form:
        child["form"] = re.compile(form)
