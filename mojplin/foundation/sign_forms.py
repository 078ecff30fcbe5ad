"""The forms in which Unicode lets the same sign be written: what people type is brought into one of them."""

import unicodedata
from typing import Literal

Form = Literal["NFC", "NFKC", "NFKD"]
LONGEST = 2_000
"""More than anything that is compared: putting the marks of a longer text in order takes minutes of a whole process."""


def in_one_form(typed: str, form: Form) -> str:
    """Return the text with each sign in that form; one longer than `LONGEST`, which its reader refuses, as it is."""
    return unicodedata.normalize(form, typed) if len(typed) <= LONGEST else typed
