"""Text files as people send them: a script too long for one message comes as one."""

from __future__ import annotations

from typing import Final

LARGEST_TEXT: Final = 300_000
"""Bytes; no script is longer."""
TEXT_FILES: Final = (".txt", ".md", ".text", ".csv")


def text_of(name: str, blob: bytes) -> str | None:
    """The words of a file; None for one that holds no text."""
    if not name.casefold().endswith(TEXT_FILES) or len(blob) > LARGEST_TEXT:
        return None
    try:
        return blob.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Windows' Notepad in Japan still writes this.
        return blob.decode("cp932", "replace")
