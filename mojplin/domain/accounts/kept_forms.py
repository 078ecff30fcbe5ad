"""What was typed when a session ended or had to be confirmed: kept a day, encrypted, for the same person and browser.

Passwords, codes and files are never kept.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from mojplin.domain.accounts.models import KeptForm, User
from mojplin.domain.accounts.sessions import secret_hash
from mojplin.foundation.housekeeping import hourly
from mojplin.foundation.protected import decrypted, encrypted

KEPT_FOR = timedelta(hours=24)
MOST_CHARACTERS, LONGEST_PATH = 100_000, 500
FORMS_PER_BROWSER = 20
SECRET_FIELD = re.compile("password|secret|token|code|csrf", re.IGNORECASE)

Fields = Mapping[str, Sequence[str]]


def keep_form(*, user: User, browser_secret: str, path: str, fields: Fields, now: datetime) -> bool:
    """Keep the fields of a form that could not be carried out yet; return whether there was room for them.

    :param path: of the page that takes the form, and the place in its query, if it is about one.
    """
    browser_hash = secret_hash(browser_secret)
    text = json.dumps({name: list(values) for name, values in fields.items() if not SECRET_FIELD.search(name)})
    others = KeptForm.objects.filter(browser_hash=browser_hash).exclude(path=path)
    is_too_long = len(text) > MOST_CHARACTERS or len(path) > LONGEST_PATH
    if is_too_long or others.count() >= FORMS_PER_BROWSER:
        return False
    kept = {"user": user, "fields_encrypted": encrypted(text), "kept_at": now}
    KeptForm.objects.update_or_create(browser_hash=browser_hash, path=path, defaults=kept)
    return True


def kept_form(*, user: User, browser_secret: str, path: str, now: datetime) -> dict[str, list[str]] | None:
    """Return the fields this person sent to the path from this browser within the last day, or None."""
    mine = KeptForm.objects.filter(
        user=user, browser_hash=secret_hash(browser_secret), path=path, kept_at__gt=now - KEPT_FOR
    )
    found = mine.values_list("fields_encrypted", flat=True).first()
    fields: dict[str, list[str]] | None = json.loads(decrypted(found)) if found else None
    return fields


def forget_form(browser_secret: str, *, path: str) -> bool:
    """Forget what was kept for the path; return whether the browser has anything else kept."""
    mine = KeptForm.objects.filter(browser_hash=secret_hash(browser_secret))
    mine.filter(path=path).delete()
    return mine.exists()


@hourly
def forget_old_forms(now: datetime) -> None:
    KeptForm.objects.filter(kept_at__lt=now - KEPT_FOR).delete()
