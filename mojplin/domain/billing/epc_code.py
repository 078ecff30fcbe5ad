"""The EPC QR code (EPC069-12, version 002), which apps of foreign banks read; Slovene ones read the UPN QR code."""

import io
from functools import lru_cache

import segno

from mojplin.domain.billing.payment_reference import printed_reference
from mojplin.domain.billing.payment_slip import Slip
from mojplin.domain.billing.upn_symbol import QUIET

LONGEST_TEXT = 140
NO_REFERENCE = "SI99"
LARGEST_VERSION = 13


def epc_payload(slip: Slip) -> bytes:
    """Return the content of the code, in UTF-8.

    Only the international reference (RF) has a field of its own there; a Slovene one goes as text, as banks pass it on.
    """
    is_structured = slip.reference.startswith("RF")
    text = slip.purpose if slip.reference == NO_REFERENCE else f"{printed_reference(slip.reference)} {slip.purpose}"
    lines = [
        "BCD", "002", "1", "SCT", "", slip.payee.name, slip.iban, f"EUR{slip.amount_eur:.2f}", slip.purpose_code,
        slip.reference if is_structured else "", "" if is_structured else text[:LONGEST_TEXT],
    ]  # fmt: skip
    return "\n".join(lines).rstrip("\n").encode()


def epc_symbol(payload: bytes) -> segno.QRCode:
    """Return the QR code of a payload.

    :raises ValueError: it is longer than the standard allows.
    """
    code = segno.make(payload, error="M", boost_error=False, mode="byte", micro=False)
    if int(code.version) > LARGEST_VERSION:
        raise ValueError("the content is longer than the standard allows")
    return code


@lru_cache(maxsize=128)
def epc_picture_svg(payload: bytes) -> bytes:
    """Return the code as a picture for pages, black on white with its quiet zone."""
    out = io.BytesIO()
    epc_symbol(payload).save(out, kind="svg", border=QUIET, light="#fff", xmldecl=False, omitsize=True, nl=False)
    return out.getvalue()
