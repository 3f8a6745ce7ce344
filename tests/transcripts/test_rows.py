"""Which capabilities of the engine have a talk of their own: the first line of each transcript names them."""

from __future__ import annotations

import re

import pytest

from tests.transcripts.test_transcripts import TRANSCRIPTS

ROWS = (
    *("A1", "A2", "A3", "A5", "A8", "A12", "A13", "A14", "A15", "A17", "A18", "A20"),
    *("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B11", "B12", "B13", "B14", "B15", "B16"),
    *("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"),
    *("D1", "D2", "D4", "D5", "D6", "D7", "D9", "D10", "D11", "D12", "D13", "D14", "D15", "D16", "D17"),
    *("E1", "E2", "E3", "E4", "E5", "E6", "E7", "E9", "E10", "E11", "E12", "E13"),
    *("F1", "F2", "F3", "F4", "F5", "F6"),
    *("G1", "G2", "G4", "G5"),
    *("H2", "H4", "H5", "H6"),
    *("I3", "I4", "I5"),
    *("I1", "I2"),
    *("K1", "K2", "K3", "K4", "K5", "K6"),
    *("L3",),
    *("M1", "M2", "M3", "M4"),
    *("N1", "N2", "N3", "N4", "N5"),
    *("O1", "O2"),
    *("X6", "X7", "X8", "X9", "X10", "X11", "X17", "X18", "X20", "X23", "X24", "X26"),
)
"""Triggers, timing, branches, segments, messages of the month, blocks, making, events, comparisons, actions, and what none of the others has."""

HEAD = re.compile(r"# ((?:[A-Z][0-9]+ )*)")


def rows() -> dict[str, list[str]]:
    """The transcripts of each row."""
    found: dict[str, list[str]] = {}
    for file in TRANSCRIPTS:
        head = HEAD.match(file.read_text(encoding="utf-8"))
        for row in head[1].split() if head else ():
            found.setdefault(row, []).append(file.stem)
    return found


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_a_talk(row: str) -> None:
    """What is promised can be read as people say it, in both worlds."""
    assert rows().get(row)
