"""Finds the endpoint of a request: by its exact path first, then by its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.http import Answer, Request

if TYPE_CHECKING:
    from simulator.line import Line

Handler = Callable[["Line", Request], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One endpoint. `name` is what faults and the log call it; `keyed` takes X-Line-Retry-Key."""

    name: str
    method: str
    path: str
    handler: Handler
    keyed: bool = False
    open: bool = False

    @property
    def operation(self) -> str:
        """Its name in LINE's description."""
        return f"{self.method} {self.path}"


class Routes:
    """All endpoints, findable."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._exact: dict[tuple[str, str], Route] = {}
        self._patterns: list[tuple[str, list[str], Route]] = []
        for route in routes:
            if "{" in route.path:
                self._patterns.append((route.method, route.path.split("/"), route))
            else:
                self._exact[route.method, route.path] = route

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The endpoint and what its path holds; None if LINE has no such path."""
        exact = self._exact.get((method, path))
        if exact:
            return exact, {}
        parts = path.split("/")
        for wanted, pattern, route in self._patterns:
            if wanted == method and len(pattern) == len(parts):
                found = _match(pattern, parts)
                if found is not None:
                    return route, found
        return None


def _match(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            found[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return found
