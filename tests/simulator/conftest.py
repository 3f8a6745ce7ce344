"""A LINE without a socket and a clock to move."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.clock import Clock
from simulator.world import FakeLine
from tests.simulator.support import NOON, SAKURA, Product


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until moved."""
    return Clock(lambda: NOON)


@pytest.fixture
def product() -> Product:
    """A product that only listens."""
    return Product()


@pytest.fixture
def fake(clock: Clock, product: Product) -> Iterator[FakeLine]:
    """A LINE without a socket; さくら has the app and is a friend."""
    with FakeLine(clock=clock, serving=False) as made:
        made.receive_with(product)
        made.add_person(SAKURA, "さくら", friend=True)
        yield made
