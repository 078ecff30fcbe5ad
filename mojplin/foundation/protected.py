"""Numbers that must be found and shown, but not read by who gets hold of the database."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet
from django.conf import settings


def lookup_hash(value: str) -> str:
    """Return a keyed hash (64 hex digits) by which an equal value can be found again."""
    return hmac.new(settings.DATA_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


def encrypted(value: str) -> str:
    """Return the value so that only this portal can read it."""
    return _cipher(settings.DATA_KEY).encrypt(value.encode()).decode()


def decrypted(token: str) -> str:
    """Return what `encrypted` was given.

    :raises cryptography.fernet.InvalidToken: the key has changed or the token was tampered with.
    """
    return _cipher(settings.DATA_KEY).decrypt(token.encode()).decode()


@lru_cache(maxsize=2)
def _cipher(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"encrypt" + key.encode()).digest()))
