"""How every process logs: events with keys, never what people wrote or what they are called."""

import contextlib
import logging
import sys
from typing import Any, Final, TextIO
from urllib.parse import urlsplit

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

# Keys under which somebody's words, name or credentials might slip in.
PRIVATE_KEYS = frozenset({"text", "body", "message", "messages", "name", "display_name", "token", "secret", "code"})
HIDDEN = "…"


def hide_private(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put … in the place of values that may hold a person's words or a credential."""
    return {key: HIDDEN if key in PRIVATE_KEYS else _without_password(value) for key, value in event.items()}


SHARED: Final[tuple[Processor, ...]] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    hide_private,
)
"""What becomes of every line, ours and the libraries'."""


class Unstoppable:
    """A stream whose failures stop nobody: a full disk may cost us the line, but no friend his answer."""

    def __init__(self, stream: TextIO) -> None:
        """The stream that is written to as long as it takes anything."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Written, if it can be."""
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flushed, if it can be."""
        with contextlib.suppress(OSError):
            self._stream.flush()


def set_up_logging(*, console: bool) -> None:
    """Send our events and those of the libraries to standard error: readable lines on a console, else JSON.

    Ours are written to the stream without a turn through `logging`, which would take five times as long: two lines
    for each event of a friend are a good part of its price.
    """
    structlog.configure(
        processors=[*SHARED, *_renderers(console=console)],
        logger_factory=structlog.WriteLoggerFactory(Unstoppable(sys.stderr)),  # type: ignore[arg-type]
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*SHARED, _with_module],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(console=console)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    # One line per job is said by us; the libraries' own retelling doubles it.
    for chatty in ("rq.worker", "rq.job", "rq_scheduler", "transitions", "urllib3", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _renderers(*, console: bool) -> list[Processor]:
    if console:
        plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        return [plain]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]


def _with_module(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["module"] = event["_record"].name
    return event


def _json(event: EventDict, **_: object) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()


def get_logger(name: str) -> FilteringBoundLogger:
    """The logger of a module: `log.info("step.sent", friend=…, scenario=…)`."""
    logger: FilteringBoundLogger = structlog.get_logger(module=name)
    return logger


def _without_password(value: Any) -> Any:
    return mask_url(value) if isinstance(value, str) and "://" in value else value


def mask_url(url: str) -> str:
    """The address without its user and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    return url if parts.password is None else url.replace(f"{parts.netloc.rpartition('@')[0]}@", f"{HIDDEN}@")
