"""Reduces LINE's published OpenAPI description to the compact facts the simulator checks against.

Usage: python tools/line_schema.py DIRECTORY [OUTPUT]

DIRECTORY holds messaging-api.yml, webhook.yml and channel-access-token.yml as published at
https://github.com/line/line-openapi (Apache License 2.0). Only facts are kept: types, required
properties, enums, discriminators and limits. Descriptions and examples are left behind.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Node = dict[str, Any]

FILES = {"messaging": "messaging-api.yml", "webhook": "webhook.yml", "token": "channel-access-token.yml"}
LIMITS = ("enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "format")
METHODS = ("get", "put", "post", "delete")
OUTPUT = Path(__file__).resolve().parent.parent / "simulator" / "schema.json"


def ref_name(ref: str) -> str:
    """The schema a `$ref` points at."""
    return ref.rsplit("/", 1)[1]


def reduced(source: Node) -> Node:
    """One schema without its prose."""
    if "$ref" in source:
        return {"ref": ref_name(source["$ref"])}
    if "oneOf" in source:
        return {"any": [reduced(each) for each in source["oneOf"]]}
    node: Node = {key: source[key] for key in ("type", *LIMITS) if key in source}
    if "properties" in source or "allOf" in source:
        node["type"] = "object"
        node["properties"] = {name: reduced(each) for name, each in source.get("properties", {}).items()}
        node["required"] = list(source.get("required", []))
    if "items" in source:
        node["items"] = reduced(source["items"])
    if isinstance(source.get("additionalProperties"), dict):
        node["additional"] = reduced(source["additionalProperties"])
    return node


def with_parents(source: Node, schemas: Node) -> Node:
    """A schema with everything its `allOf` brings, the parent's discriminator aside."""
    node = reduced(source)
    for parent in source.get("allOf", []):
        origin = schemas[ref_name(parent["$ref"])] if "$ref" in parent else parent
        inherited = with_parents(origin, schemas)
        node["properties"] = inherited.get("properties", {}) | node["properties"]
        node["required"] = sorted({*inherited.get("required", []), *node["required"]})
    return node


def tags(schemas: Node) -> dict[str, list[str]]:
    """For each child of a discriminated schema: the property and value that announce it."""
    found: dict[str, list[str]] = {}
    for source in schemas.values():
        chooser = source.get("discriminator")
        if chooser:
            found |= {ref_name(ref): [chooser["propertyName"], word] for word, ref in chooser["mapping"].items()}
    return found


def facts(schemas: Node) -> Node:
    """All schemas of one file, reduced."""
    announced = tags(schemas)
    result: Node = {}
    for name, source in schemas.items():
        node = with_parents(source, schemas)
        if "discriminator" in source:
            chooser = source["discriminator"]
            mapping = {word: ref_name(ref) for word, ref in chooser["mapping"].items()}
            node = {"by": chooser["propertyName"], "to": mapping, "required": node.get("required", [])}
        if name in announced:
            node["tag"] = announced[name]
        result[name] = node
    return result


def body_of(holder: Node) -> Node | None:
    """The schema of a request or a response body, if it has a JSON or a form one."""
    content = holder.get("content", {})
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        if "schema" in content.get(kind, {}):
            return reduced(content[kind]["schema"])
    return None


def operations(paths: Node) -> Iterator[tuple[str, Node]]:
    """Every operation as "METHOD path" with its bodies."""
    for path, methods in paths.items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", operation(methods[method])


def operation(source: Node) -> Node:
    """The request body and the body of the successful answer of one operation."""
    result: Node = {}
    request = body_of(source.get("requestBody", {}))
    if request:
        result["request"] = request
    for status in ("200", "202"):
        answer = body_of(source.get("responses", {}).get(status, {}))
        if answer:
            result["answer"] = answer
    return result


def compact(directory: Path) -> Node:
    """The reduced facts of all three files."""
    result: Node = {"schemas": {}, "operations": {}}
    for room, file in FILES.items():
        document = yaml.safe_load((directory / file).read_text(encoding="utf-8"))
        result["schemas"][room] = facts(document["components"]["schemas"])
        result["operations"][room] = dict(operations(document["paths"]))
    return result


def main(arguments: list[str]) -> int:
    """Write the compact schema; 2 if called without a directory."""
    if not arguments:
        sys.stderr.write((__doc__ or "").strip() + "\n")
        return 2
    target = Path(arguments[1]) if len(arguments) > 1 else OUTPUT
    text = json.dumps(compact(Path(arguments[0])), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    target.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{target}: {len(text):,} characters\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
