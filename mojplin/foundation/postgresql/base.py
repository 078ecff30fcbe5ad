"""The database engine named in the settings."""

import time

from django.db.backends.postgresql import base

CHECKED_EVERY_SECONDS = 2


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks a kept connection whether it is alive only when it has not been asked for two seconds.

    Django asks before every request, which is one more round trip for each page. After a restart of the database a
    connection in use moments before fails once, is answered with the 503 page and is then opened anew.
    """

    _checked_at = float("-inf")

    def close_if_health_check_failed(self) -> None:
        if time.monotonic() - self._checked_at < CHECKED_EVERY_SECONDS:
            self.health_check_done = True
        checks = self.connection is not None and not self.health_check_done
        super().close_if_health_check_failed()
        if checks:
            self._checked_at = time.monotonic()
