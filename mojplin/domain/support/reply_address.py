"""Addresses for answers by mail: each enquiry has its own, which nobody can guess; it takes words in and shows none."""

import hmac
import re

from django.conf import settings

from mojplin.domain.support.models import Enquiry
from mojplin.foundation.protected import lookup_hash

TOKEN_DIGITS = 24
"""96 bits of a keyed hash."""
LARGEST_KEY = 2**63 - 1
REPLY = re.compile(rf"\+([0-9]{{1,19}})-([0-9a-f]{{{TOKEN_DIGITS}}})@")


def reply_address(enquiry: Enquiry) -> str:
    """Return where the customer answers to, as in "odgovori+47-5a0c...@example.si"; empty: nowhere."""
    if not settings.SUPPORT_REPLY_EMAIL:
        return ""
    name, _at, domain = settings.SUPPORT_REPLY_EMAIL.partition("@")
    return f"{name}+{enquiry.pk}-{_token(enquiry)}@{domain}"


def enquiry_behind(address: str) -> Enquiry | None:
    """Return the enquiry whose address that is; a wrong token is no different from an enquiry that never was."""
    found = REPLY.search(address.strip().lower())
    if found is None or int(found[1]) > LARGEST_KEY:
        return None
    enquiry = Enquiry.objects.select_related("sent_by", "supply_point").filter(pk=int(found[1])).first()
    if enquiry is None or not hmac.compare_digest(found[2], _token(enquiry)):
        return None
    return enquiry if enquiry.sent_by.is_active else None


def _token(enquiry: Enquiry) -> str:
    return lookup_hash(f"answer to enquiry {enquiry.public_id}")[:TOKEN_DIGITS]
