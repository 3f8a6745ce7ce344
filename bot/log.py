"""How every process logs: events with keys, never what people wrote or what they are called."""

import logging
import sys
from typing import Any
from urllib.parse import urlsplit

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Keys under which somebody's words, name or credentials might slip in.
PRIVATE_KEYS = frozenset({"text", "body", "message", "messages", "name", "display_name", "token", "secret", "code"})
HIDDEN = "…"


def set_up_logging(*, console: bool) -> None:
    """Send our events and those of the libraries to standard error: readable lines on a console, else JSON."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        hide_private,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
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
        return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module: `log.info("step.sent", friend=…, scenario=…)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def hide_private(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put … in the place of values that may hold a person's words or a credential."""
    return {key: HIDDEN if key in PRIVATE_KEYS else _without_password(value) for key, value in event.items()}


def _without_password(value: Any) -> Any:
    return mask_url(value) if isinstance(value, str) and "://" in value else value


def mask_url(url: str) -> str:
    """The address without its user and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    return url if parts.password is None else url.replace(f"{parts.netloc.rpartition('@')[0]}@", f"{HIDDEN}@")
