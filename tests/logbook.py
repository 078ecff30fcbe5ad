"""What the product's own logging writes while a test runs."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from mojplin.foundation.logs import configure


@contextmanager
def log_kept(level: str) -> Iterator[io.StringIO]:
    """Keep the lines of the log, as the product writes them from that level on."""
    configure({"level": level})
    handler, lines = logging.getLogger().handlers[0], io.StringIO()
    usual = handler.setStream(lines)
    try:
        yield lines
    finally:
        handler.setStream(usual)
        logging.getLogger().setLevel("WARNING")
