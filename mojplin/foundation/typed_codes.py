"""Codes people read in a mail or on paper and type: Crockford's letters and digits, none of which look alike."""

import secrets

from mojplin.foundation.sign_forms import in_one_form

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Five random bits each. O, I and L are left out; who types them means 0 and 1."""
ALIKE = str.maketrans("OIL", "011")


def new_code(length: int) -> str:
    """Return that many random letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _each in range(length))


def as_typed(text: str) -> str:
    """Return what somebody typed as `new_code` wrote it: capital letters, neither spaces nor hyphens."""
    plain = in_one_form(text, "NFKC").upper()
    return "".join(sign for sign in plain if sign.isalnum()).translate(ALIKE)
