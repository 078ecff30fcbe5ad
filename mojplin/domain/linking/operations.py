"""The user's own names of their places."""

import unicodedata

from django.utils.translation import gettext_lazy as _

from mojplin.foundation.errors import Refused
from mojplin.foundation.sign_forms import in_one_form

LONGEST_NAME = 60
DIRECTIONS = {"\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


class BadName(Refused):
    field = "name"
    message = _("The name must have 1 to 60 characters.")


def own_name(typed: str) -> str:
    """Return a name as it is kept, in one line.

    :raises BadName: empty, longer than 60 characters, or with signs that turn the direction of writing.
    """
    name = " ".join(in_one_form(typed, "NFC").split())
    if not 1 <= len(name) <= LONGEST_NAME or any(
        sign in DIRECTIONS or unicodedata.category(sign) in ("Cc", "Cs") for sign in name
    ):
        raise BadName
    return name
