"""What the import contracts cannot see: single modules of a library, and the standard library in the pure rooms."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PURE = ("flows", "admin_commands")
NOT_PURE = {
    *(
        "asyncio",
        "concurrent",
        "ctypes",
        "fcntl",
        "glob",
        "http",
        "importlib",
        "io",
        "logging",
        "multiprocessing",
        "os",
    ),
    *("pathlib", "pickle", "queue", "random", "sched", "secrets", "select", "selectors", "shutil", "signal", "socket"),
    *("sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid"),
}
# A library, the files that may import it, and nobody else.
ONLY_IN = {
    "transitions": ("flows/phase.py",),
    "lark": ("flows/script/", "flows/reading/", "flows/moments.py", "admin_commands/"),
    "linebot.v3.messaging": ("bot/line/", "bot/line.py"),
    "rq": ("bot/queues.py",),
    "rq_scheduler": ("bot/queues.py",),
    "redis": ("bot/store/", "bot/embedded.py", "bot/fake_redis.py", "bot/queues.py"),
    "aiohttp": ("bot/line/", "bot/line.py"),
}
# Takes an address apart and opens nothing.
HARMLESS = "urllib.parse"
ALLOWED_IN_PURE = {"admin_commands", "flows", "lark", "transitions", "msgspec"}


def sources(*rooms: str) -> list[Path]:
    return sorted(file for room in rooms for file in (ROOT / room).rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    """Every module a file imports, also inside functions; `from a import b` counts as a and as a.b."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_or_is_in(module: str, library: str) -> bool:
    return module == library or module.startswith(f"{library}.")


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_has_one_door(library: str) -> None:
    """When it changes, one file changes."""
    strangers = [
        name
        for file in sources("bot", *PURE)
        if not (name := file.relative_to(ROOT).as_posix()).startswith(ONLY_IN[library])
        and any(is_or_is_in(module, library) for module in imports(file))
    ]
    assert strangers == []


def test_the_pure_rooms_touch_nothing() -> None:
    """No clock, no dice, no files: the same friend, event and moment always give the same decision."""
    touched = {
        (file.relative_to(ROOT).as_posix(), module)
        for file in sources(*PURE)
        for module in imports(file)
        if not is_or_is_in(module, HARMLESS)
        if (top := module.partition(".")[0]) in NOT_PURE or top not in sys.stdlib_module_names | ALLOWED_IN_PURE
    }
    assert touched == set()


def test_no_file_of_the_product_speaks_of_later() -> None:
    """What is promised is there; what is not there is not promised."""
    later = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")
    assert [
        file for file in sources("bot", "simulator", *PURE) for word in later if word in file.read_text("utf-8")
    ] == []


def test_every_package_says_what_it_is_for() -> None:
    """A newcomer reads the tree by its first lines."""
    packages = [file for file in sources("bot", "simulator", *PURE) if file.name == "__init__.py"]
    silent = [file for file in packages if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))]
    assert silent == []
