"""The text of a direct debit mandate (SEPA), as a PDF in the language of its reader."""

from collections.abc import Mapping
from pathlib import Path

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mojplin.domain.billing.models import PayerRequest
from mojplin.domain.billing.payment_reference import grouped_by_four
from mojplin.foundation import formats
from mojplin.foundation.pdf import pdf_of

TEMPLATE = Path(__file__).with_name("mandate.typ")


def mandate_text(creditor_name: str) -> list[str]:
    """Return what whoever gives the mandate agrees to, in the reader's language."""
    return [
        _(
            "With this mandate you authorise %(creditor)s to send instructions to your bank to debit your account, and "
            "your bank to debit your account in accordance with those instructions."
        )
        % {"creditor": creditor_name},
        _(
            "You are entitled to a refund from your bank under the terms of your agreement with it. You must claim the "
            "refund within eight weeks from the day on which your account was debited."
        ),
        _("The payments recur. You can revoke the mandate at any time in the portal or in writing."),
    ]


def mandate_pdf(
    request: PayerRequest, *, creditor: Mapping[str, str], creditor_id: str, language: formats.Language
) -> bytes:
    """Return the mandate as a PDF.

    :param request: of kind direct debit, with its payer loaded.
    :param creditor: name, street and town of the supplier, as on payment slips.
    """
    payer = request.payer
    with translation.override(language):
        rows = [
            (_("Reference of the mandate"), request.number),
            (_("Identifier of the creditor"), creditor_id),
            (_("Creditor"), f"{creditor['name']}, {creditor['street']}, {creditor['town']}"),
            (_("Payer"), f"{payer.name}, {payer.street}, {payer.post_code} {payer.town}"),
            (_("Payer number"), payer.number),
            (_("Holder of the account"), request.holder),
            (_("IBAN"), grouped_by_four(request.iban)),
            *([(_("BIC of the bank"), request.bic)] if request.bic else []),
            (_("Kind of payment"), _("recurrent")),
            (_("Given in the portal"), formats.day(timezone.localtime(request.asked_at).date(), language)),
        ]
        data = {
            "language": language,
            "title": _("SEPA direct debit mandate"),
            "supplier": creditor["name"],
            "text": mandate_text(creditor["name"]),
            "rows": [[str(label), value] for label, value in rows],
        }
    return pdf_of(TEMPLATE, data)
