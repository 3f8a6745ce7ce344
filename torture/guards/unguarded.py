"""A pytest plugin that takes one guard out of the product as it is imported; no file is touched.

`GUARD=3 python -m pytest -p torture.guards.unguarded …` removes the third of the table.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

from torture.guards import GUARDS
from torture.guards.guard import Cut, Guard


class Unguarded(SourceFileLoader):
    """Compiles the module's source without the guard, past any cache."""

    cuts: Sequence[Cut] = ()

    def get_code(self, fullname: str) -> CodeType:
        """The code that a careless hand would have left."""
        source = self.get_data(self.path).decode()
        for cut in self.cuts:
            source = cut.made_in(source)
        return compile(source, self.path, "exec", dont_inherit=True)


class Remover(MetaPathFinder):
    """Finds the guarded modules before anybody else does."""

    def __init__(self, guard: Guard) -> None:
        self._cuts = guard.cuts

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's own place with another loader; None for all other modules."""
        cuts = [cut for cut in self._cuts if cut.module == fullname]
        spec = PathFinder.find_spec(fullname, path, target) if cuts else None
        if spec is not None and spec.origin is not None:
            loader = Unguarded(fullname, spec.origin)
            loader.cuts = cuts
            spec.loader = loader
        return spec


def remove(guard: Guard) -> None:
    """From now on the product is imported without it. Raises RuntimeError when it is too late."""
    late = [cut.module for cut in guard.cuts if cut.module in sys.modules]
    if late:
        raise RuntimeError(f"imported already: {', '.join(late)}")
    sys.meta_path.insert(0, Remover(guard))


if number := os.environ.get("GUARD"):
    remove(GUARDS[int(number) - 1])
