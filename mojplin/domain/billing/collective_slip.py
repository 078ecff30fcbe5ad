"""One payment slip for several documents, where the supplier's bank entries are set against them by the payer.

The reference names the payer, not a document: of model SI12 (the payer number's digits with their check digit) or the
international one (RF, the payer number). The supplier sets such a payment against the payer's oldest open documents.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from stdnum.iso7064 import mod_97_10

from mojplin.domain.billing.models import Document
from mojplin.domain.billing.payment_reference import check_digit
from mojplin.domain.billing.payment_slip import (
    LONGEST_PURPOSE,
    USUAL_PURPOSE_CODE,
    Party,
    Slip,
    fault_of,
    slip_of,
)
from mojplin.domain.billing.slip_text import slip_text

ReferenceBy = Literal["none", "payer_si12", "payer_rf"]
LONGEST_DIGITS = 12
LONGEST_RF = 21


def collective_slip(
    documents: Sequence[Document], *, payee: Party, reference_by: ReferenceBy, ibans: Sequence[str] = ()
) -> Slip | None:
    """Return one slip for all that remains of the documents, or None where each needs its own.

    :param documents: at least two that must be paid, with their payer loaded; all of one payer and to one account.
    :param ibans: the payee's accounts, as in `slip_of`.
    """
    slips = [slip_of(each, payee=payee, ibans=ibans) for each in documents]
    good = [slip for slip in slips if isinstance(slip, Slip)]
    payers = {each.payer_id for each in documents}
    if len(documents) < 2 or len(good) < len(slips) or len(payers) > 1 or len({slip.iban for slip in good}) > 1:
        return None
    reference = payer_reference(documents[0].payer.number, reference_by)
    if reference is None:
        return None
    codes = {slip.purpose_code for slip in good}
    days = [each.due_on for each in documents if each.due_on]
    together = replace(
        good[0],
        amount_eur=sum((slip.amount_eur for slip in good), Decimal(0)),
        reference=reference,
        purpose_code=codes.pop() if len(codes) == 1 else USUAL_PURPOSE_CODE,
        purpose=slip_text(" ".join(each.number for each in documents), LONGEST_PURPOSE),
        due_on=min(days, default=None),
    )
    return None if fault_of(together) else together


def payer_reference(payer_number: str, by: ReferenceBy) -> str | None:
    """Return the reference that names a payer, or None where there is none of that kind."""
    if by == "payer_si12" and re.fullmatch(f"[0-9]{{1,{LONGEST_DIGITS}}}", payer_number):
        return f"SI12{payer_number}{check_digit(payer_number)}"
    if by == "payer_rf" and re.fullmatch(f"[0-9A-Z]{{1,{LONGEST_RF}}}", payer_number):
        return f"RF{mod_97_10.calc_check_digits(f'{payer_number}RF')}{payer_number}"
    return None
