"""The person's own details: how to address them, where to call them, language, appearance."""

import re
import unicodedata
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.foundation.errors import Refused
from mojplin.foundation.sign_forms import in_one_form

NAME_MAX, PHONE_MAX = 60, 30
WEB_ADDRESS = re.compile(r"[@/:]|\.\w{2}")
"""Mails to others begin with the name: it must not be a way to send them somewhere."""
OTHER_DOTS = str.maketrans(dict.fromkeys("\u3002\uff61\u2024\u06d4\ufe52", "."))
"""Full stops of other scripts, which browsers and mail programs take for a dot of an address."""
PHONE = re.compile(r"\+?[0-9][0-9 /()-]{5,28}")


class BadName(Refused):
    field = "name"
    message = _("The name may have up to 60 letters and no web or e-mail address.")


class BadPhone(Refused):
    field = "contact_phone"
    message = _("Enter a phone number like 040 123 456.")


@transaction.atomic
def change_profile(
    *, name: str, contact_phone: str, language: str, theme: str, by: User, now: datetime, ip: str | None
) -> None:
    """Keep the person's details; empty name and phone are forgotten.

    :raises BadName: longer than 60 characters, like an address on the web, or with signs
        that no page shows or that turn the direction of writing.
    :raises BadPhone: not a phone number.
    """
    details = {
        "name": _good_name(name),
        "contact_phone": _good_phone(contact_phone),
        "language": User.Language(language),
        "theme": User.Theme(theme),
    }
    if any(getattr(by, field) != value for field, value in details.items()):
        User.objects.filter(pk=by.pk).update(**details)
        access_log.record(whose=by, what=AccessEvent.What.PROFILE_CHANGED, by=by, now=now, ip=ip)


def _good_name(typed: str) -> str:
    name = " ".join(in_one_form(typed, "NFC").split())
    is_unseen = any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in name)
    plain = in_one_form(name, "NFKC").translate(OTHER_DOTS)
    if len(name) > NAME_MAX or is_unseen or WEB_ADDRESS.search(plain):
        raise BadName
    return name


def _good_phone(typed: str) -> str:
    phone = " ".join(in_one_form(typed, "NFKC").split())
    if phone and not PHONE.fullmatch(phone):
        raise BadPhone
    return phone
