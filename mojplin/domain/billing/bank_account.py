"""Bank accounts as people type them: IBAN and BIC, checked before anything is sent on."""

from django.utils.translation import gettext_lazy as _
from stdnum import bic as bic_number
from stdnum import iban as iban_number
from stdnum.util import clean

from mojplin.foundation.errors import Refused

SEPA = frozenset(
    ("AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR", "HR", "HU",
     "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE",
     "SI", "SK", "SM", "VA")
)  # fmt: skip
"""Countries whose accounts a direct debit in euros reaches."""


class IbanIsWrong(Refused):
    field = "iban"
    message = _("This is not a right IBAN. Compare it with your bank card or statement, as in SI56 0201 7001 4356 205.")


class IbanOutOfReach(Refused):
    field = "iban"
    message = _("An account in this country cannot be used here.")


class BicIsWrong(Refused):
    field = "bic"
    message = _("This is not a right BIC. It has 8 or 11 characters, as in LJBASI2X; you may leave it out.")


class BicOfAnotherCountry(Refused):
    field = "bic"
    message = _("This BIC is of a bank in another country than the account. You may leave it out.")


def iban_of(typed: str) -> str:
    """Return an IBAN without blanks, in capitals.

    :raises IbanIsWrong: length, letters or check digits are not those of its country.
    :raises IbanOutOfReach: it is of a country outside SEPA.
    """
    iban = clean(typed, " -.").strip().upper()
    if not iban.isascii() or not iban_number.is_valid(iban):
        raise IbanIsWrong
    if iban[:2] not in SEPA:
        raise IbanOutOfReach
    return iban


def bic_of(typed: str, iban: str) -> str:
    """Return a BIC in capitals; "" when none was typed, as the bank is known by the IBAN.

    :raises BicIsWrong, BicOfAnotherCountry: see there.
    """
    bic = clean(typed, " ").strip().upper()
    if not bic:
        return ""
    if not bic.isascii() or not bic_number.is_valid(bic):
        raise BicIsWrong
    if iban.startswith("SI") and bic[4:6] != "SI":
        raise BicOfAnotherCountry
    return bic
