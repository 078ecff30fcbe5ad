"""Logs as JSON lines in UTC with the request's id; never an e-mail address, tax number or token."""

import logging.config
import re
from typing import Any

import structlog
from structlog.typing import EventDict

SECRETS = (
    (re.compile(r"(?<=/)[A-Za-z0-9_:-]{32,}"), "***"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "***@***"),
)
"""Tokens in paths (those of mailed links are longer than any public id; signed ones have colons in them), and e-mail
addresses in texts of faults.
"""


def mask_secrets(logger: Any, name: str, event: EventDict) -> EventDict:
    """Mask what must not stand in a log wherever it slipped in: a path, a message, a traceback."""
    return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}


def masked(text: str) -> str:
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def configure(config: dict[str, Any]) -> None:
    """Set up logging at `config["level"]`; Django calls this with the LOGGING setting."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_secrets,
            structlog.processors.JSONRenderer(),
        ],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": config["level"]},
            "loggers": {"django.server": {"level": "WARNING"}, "fontTools": {"level": "ERROR"}},
        }
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
