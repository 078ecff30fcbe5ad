"""The annex by which a contract is renewed, as PDF: made for reading before one agrees, and kept as it was then."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from mojplin.domain.contracts import wording
from mojplin.domain.contracts.models import Contract
from mojplin.domain.contracts.terms import Terms
from mojplin.foundation import formats
from mojplin.foundation.formats import Language
from mojplin.foundation.pdf import pdf_of

TEMPLATE = Path(__file__).with_name("annex.typ")


def annex_of(contract: Contract, terms: Terms, *, language: Language, made_on: date) -> bytes:
    """Return the annex as PDF; the same terms on the same day give the same bytes.

    :param made_on: the day on which it is shown for agreement.
    """
    with translation.override(language):
        return pdf_of(TEMPLATE, _words(contract, terms, language, made_on))


def _words(contract: Contract, terms: Terms, language: Language, made_on: date) -> dict[str, object]:
    supplier, payer = settings.SUPPLIER, contract.payer
    return {
        "lang": language,
        "title": _("Annex to contract %(number)s") % {"number": contract.number},
        "made": {"year": made_on.year, "month": made_on.month, "day": made_on.day},
        "place_and_day": f"{supplier['address'].rpartition(', ')[2]}, {formats.day(made_on, language)}",
        "seller": {
            "name": supplier["name"],
            "address": supplier["address"],
            "contact": f"{supplier['phone']}, {supplier['email']}",
        },
        "payer": [payer.name, payer.street, f"{payer.post_code} {payer.town}"],
        "opening": _("The parties renew the contract for the supply of gas on these terms:"),
        "facts": [list(fact) for fact in wording.binding_facts(contract, terms, language)],
        "parts": [
            _part(_("What is fixed and what may change"), wording.fixed_and_open(terms, language), is_list=True),
            _part(_("Right of withdrawal"), wording.withdrawal(settings.WITHDRAWAL_DAYS, supplier["email"])),
        ],
        "form": {
            "title": _("Form for withdrawal"),
            "lines": [
                _("I withdraw from the renewal of contract %(number)s.") % {"number": contract.number},
                _("Agreed on:"),
                _("Name and address:"),
                _("Day and signature:"),
            ],
        },
    }


def _part(title: str, lines: list[str], *, is_list: bool = False) -> dict[str, object]:
    return {"title": title, "lines": lines, "list": is_list}
