"""What an e-mail address and a username may look like."""

import re
import unicodedata
from itertools import pairwise

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mojplin.foundation.errors import Refused
from mojplin.foundation.sign_forms import in_one_form

EMAIL_MAX = 254
LONGEST_TYPED = 1000
"""An address with what people paste around it."""
LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAIN_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
USERNAME_MIN, USERNAME_MAX = 3, 30
RESERVED = frozenset(
    [
        "admin",
        "administrator",
        "root",
        "skrbnik",
        "podpora",
        "support",
        "info",
    ]
)


WEB_ENDINGS = frozenset([
    "com", "net", "org", "info", "biz", "name", "pro", "mobi", "app", "dev", "page", "cloud", "xyz", "online", "site",
    "shop", "store", "top", "club", "live", "link", "click", "website", "space", "tech", "blog", "news", "email",
    "support", "help", "bank", "finance", "media", "world", "life", "vip", "win", "icu", "cyou", "sbs", "bond", "tel",
    "travel", "zip", "mov",
])  # fmt: skip
"""Endings besides all of two letters by which mail programs make a link of a word: a username opens mails to others."""


class BadEmail(Refused):
    field = "email"
    message = _("Enter an e-mail address like name@domain.si.")


class BadUsername(Refused):
    field = "username"
    message = _("A username has 3–30 letters, digits, dots or hyphens.")


class UsernameLikeAddress(Refused):
    field = "username"
    message = _("A username must not look like a web address. Leave out the last dot.")


class UsernameTaken(Refused):
    field = "username"
    message = _("This username is taken.")


def folded_email(typed: str) -> str:
    """Return the address as it is stored and compared: lower case, an international domain in its ASCII form.

    :raises BadEmail: it is not an address mail could be sent to, or it has a quoted or non-ASCII part before the @.
    """
    if len(typed) > LONGEST_TYPED:  # before any work: an international domain of a megabyte takes seconds to fold
        raise BadEmail
    local, at, domain = typed.strip().casefold().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        raise BadEmail from None
    labels = domain.split(".")
    well_formed = LOCAL_PART.fullmatch(local) and len(local) <= 64 and all(map(DOMAIN_LABEL.fullmatch, labels))
    email = f"{local}@{domain}"
    if not at or not well_formed or len(labels) < 2 or labels[-1].isdigit() or len(email) > EMAIL_MAX:
        raise BadEmail
    return email


def good_username(typed: str) -> str:
    """Return the username as it is stored: Latin letters, digits, dots and hyphens, full-width forms made plain.

    :raises BadUsername: another script, another sign, too short or too long.
    :raises UsernameLikeAddress: mail programs would make a link of it.
    :raises UsernameTaken: it is one the portal keeps for itself.
    """
    username = in_one_form(typed.strip(), "NFKC")
    letters_only = all(character in ".-" or _is_latin_or_digit(character) for character in username)
    edges_good = username[:1].isalnum() and username[-1:].isalnum()
    if not USERNAME_MIN <= len(username) <= USERNAME_MAX or not letters_only or not edges_good:
        raise BadUsername
    if _is_like_web_address(username.casefold()):
        raise UsernameLikeAddress
    if username.casefold() in RESERVED or letters_of(username) in names_of_portal():
        raise UsernameTaken
    return username


def letters_of(text: str) -> str:
    """Return the letters alone, folded and without their marks: Čop.1 gives cop."""
    decomposed = in_one_form(text.casefold(), "NFKD")
    return "".join(character for character in decomposed if character.isalpha())


def names_of_portal() -> list[str]:
    """Return the portal's name, and each two words of it that stand together, as `letters_of` them."""
    words = words_of_portal()
    return ["".join(words), *map("".join, pairwise(words))]


def words_of_portal() -> list[str]:
    return [word for each in settings.SUPPLIER["portal_name"].split() if (word := letters_of(each))]


def _is_like_web_address(name: str) -> bool:
    start, dot, ending = name.rpartition(".")
    return bool(dot) and (start.startswith("www.") or ending in WEB_ENDINGS or (len(ending) == 2 and ending.isalpha()))


def _is_latin_or_digit(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")
