"""What the practice on one's own machine keeps in `var/`: its secrets, and the right to be the only one running."""

import contextlib
import fcntl
import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What a pretended LINE and the product must agree on, and the owner's code."""

    secret: str
    token: str
    channel_id: str
    owner_code: str


def kept_secrets(var: Path) -> Secrets:
    """The secrets of this installation, made once and kept readable by their owner alone."""
    file = var / "secrets.json"
    if file.exists():
        return Secrets(**json.loads(file.read_text(encoding="utf-8")))
    digits = f"{secrets.randbelow(10**8):08d}"
    made = Secrets(
        secret=secrets.token_hex(16),
        token=secrets.token_urlsafe(96),
        channel_id=str(10**9 + secrets.randbelow(9 * 10**9)),
        owner_code=f"{digits[:4]}-{digits[4:]}",
    )
    file.touch(mode=0o600)
    file.write_text(json.dumps(asdict(made)), encoding="utf-8")
    return made


class AlreadyRunningError(Exception):
    """Somebody else runs on the same data."""


@contextlib.contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold the folder for ourselves; two servers writing one file would spoil it. Raises AlreadyRunningError."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunningError from error
        yield
