"""Writes the ready-made scripts into a Python table, since the pure rooms read no files."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "admin_commands" / "templates"
_HEAD = '''"""Drawn from the .md files beside this one by `make docs`; change those."""

from __future__ import annotations

from collections.abc import Mapping

SCRIPTS: Mapping[str, str] = {
'''


def table() -> str:
    """The table as Python source, by name."""
    files = sorted(FOLDER.glob("*.md"), key=lambda file: file.stem)
    return _HEAD + "".join(_entry(file) for file in files) + "}\n"


def _entry(file: Path) -> str:
    text = file.read_text(encoding="utf-8").replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'    "{file.stem}": """\\\n{text}""",\n'
