"""What is done by the clock with people's own data."""

from datetime import datetime

from mojplin.domain.accounts import access_log, closing
from mojplin.domain.own_data.document_archive import delete_old_archives
from mojplin.domain.own_data.erasing import erase_due
from mojplin.domain.own_data.export import delete_expired
from mojplin.foundation.housekeeping import hourly


@hourly
def look_after_own_data(now: datetime) -> None:
    """Remind of erasing, erase, delete copies nobody took, and let the oldest events of the access log go."""
    closing.remind_of_erasing(now)
    erase_due(now)
    delete_old_archives(now)
    delete_expired(now)  # after erasing: the copies of the erased go with it
    access_log.forget_old(now)
