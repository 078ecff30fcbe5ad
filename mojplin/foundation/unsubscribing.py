"""The link that stops mails of some kinds to one reader: signed, not stored; it opens nothing and shows nothing."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "mails of some kinds to one reader"


class Stop(NamedTuple):
    """Which kinds of mails no longer go to whom."""

    reader: int
    topics: list[str]


def stop_url(stop: Stop) -> str:
    """Return the address that stops these mails, in the active language; only a mail that leaves may hold it."""
    return settings.BASE_URL + reverse("web:stop_mails", args=[signing.Signer(salt=SALT).sign_object(list(stop))])


def stop_of(token: str) -> Stop | None:
    """Return what the secret part of the address stops, or None: forged. It is good for as long as the mail is kept."""
    try:
        reader, topics = signing.Signer(salt=SALT).unsign_object(token)
        return Stop(int(reader), [str(each) for each in topics])
    except (signing.BadSignature, ValueError, TypeError, UnicodeError):
        return None
