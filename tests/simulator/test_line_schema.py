"""The script that carries over LINE's description keeps its facts and leaves its sentences."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]

MESSAGING = """
paths:
  /send:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Send"}}}}
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Done"}}}}}
components:
  schemas:
    Send:
      description: A sentence.
      required: [messages]
      type: object
      properties: {messages: {type: array, maxItems: 5, items: {$ref: "#/components/schemas/Message"}}}
    Done: {type: object}
    Message:
      required: [type]
      type: object
      properties: {type: {type: string}, sender: {type: string, maxLength: 20}}
      discriminator: {propertyName: type, mapping: {text: "#/components/schemas/Text"}}
    Text:
      required: [text]
      allOf:
        - {$ref: "#/components/schemas/Message"}
        - {type: object, properties: {text: {type: string, description: Another sentence.}}}
"""
NOTHING = "paths: {}\ncomponents: {schemas: {}}\n"


def script() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("line_schema", ROOT / "tools" / "line_schema.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_facts_are_kept_and_sentences_left(tmp_path: Path) -> None:
    """Children bring what their parents require, and know by which word they are announced."""
    (tmp_path / "messaging-api.yml").write_text(MESSAGING)
    (tmp_path / "webhook.yml").write_text(NOTHING)
    (tmp_path / "channel-access-token.yml").write_text(NOTHING)
    target = tmp_path / "schema.json"
    assert script().main([str(tmp_path), str(target)]) == 0
    found = json.loads(target.read_text())
    assert found["operations"]["messaging"] == {"POST /send": {"answer": {"ref": "Done"}, "request": {"ref": "Send"}}}
    schemas = found["schemas"]["messaging"]
    assert schemas["Message"] == {"by": "type", "required": ["type"], "to": {"text": "Text"}}
    assert schemas["Text"]["required"] == ["text", "type"]
    assert schemas["Text"]["tag"] == ["type", "text"]
    assert schemas["Text"]["properties"]["sender"] == {"type": "string", "maxLength": 20}
    assert "sentence" not in target.read_text()


def test_without_a_directory_it_says_how_it_is_used() -> None:
    """And writes nothing."""
    assert script().main([]) == 2
