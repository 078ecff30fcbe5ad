"""The payment slip of a document: UPN QR by the standard of the Slovene banks (Navodilo za programerje, May 2017).

Twenty fields in ISO 8859-2, a line feed after each; the last is a control sum of their lengths.
"""

import io
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from stdnum import iban as iban_number

from mojplin.domain.billing.models import Document
from mojplin.domain.billing.payment_reference import is_valid_reference
from mojplin.domain.billing.slip_text import slip_text
from mojplin.domain.billing.upn_symbol import QUIET, symbol

LONGEST_PURPOSE = 42
LARGEST_EUR = Decimal("999999999.99")
PNG_PIXELS_A_MODULE = 10
PNG_PIXELS_A_METRE = 23_622
USUAL_PURPOSE_CODE = "GASB"
"""Payment of a gas bill, in the ISO list of purpose codes."""

Fault = Literal["payer", "iban", "other_iban", "reference", "amount", "purpose"]
"""Why a document that must be paid gets no slip: a wrong slip is worse than none."""

_PURPOSE_CODE = re.compile("[A-Z]{4}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """Who pays or is paid, as the slip writes them."""

    name: str
    street: str
    town: str
    """With its post code: `1000 Ljubljana`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """What a bank needs to pay `amount_eur`; texts are already in the slip's characters and lengths."""

    payer: Party
    payee: Party
    amount_eur: Decimal
    iban: str
    reference: str
    purpose_code: str
    purpose: str
    due_on: date | None = None

    @property
    def payload(self) -> bytes:
        """The content of the code, in ISO 8859-2."""
        fields = [
            "UPNQR", "", "", "", "", self.payer.name, self.payer.street, self.payer.town,
            f"{int(self.amount_eur * 100):011d}", "", "", self.purpose_code, self.purpose,
            f"{self.due_on:%d.%m.%Y}" if self.due_on else "", self.iban, self.reference,
            self.payee.name, self.payee.street, self.payee.town,
        ]  # fmt: skip
        return upn_record(fields)


def upn_record(fields: Sequence[str]) -> bytes:
    """Return the nineteen fields of a UPN QR code with their control sum, in ISO 8859-2."""
    control_sum = sum(map(len, fields)) + len(fields)
    return "".join(f"{field}\n" for field in [*fields, f"{control_sum:03d}"]).encode("iso-8859-2")


def must_be_paid(document: Document) -> bool:
    """Return whether something of the document is still to be paid: never of a credit note."""
    return document.open_eur > 0 and document.kind != Document.Kind.CREDIT_NOTE


def slip_of(document: Document, *, payee: Party, ibans: Sequence[str] = ()) -> Slip | Fault:
    """Return the slip for what remains of a document that must be paid, or what is wrong with its payment data.

    :param document: with its payer loaded.
    :param ibans: the payee's accounts: the first for a document that names none; no money is sent to any other.
        Empty: to whichever the document names.
    """
    payer = document.payer
    iban = document.payee_iban.replace(" ", "").upper() or next(iter(ibans), "")
    slip = Slip(
        payer=party(name=payer.name, street=payer.street, town=f"{payer.post_code} {payer.town}"),
        payee=payee,
        amount_eur=document.open_eur,
        iban=iban,
        reference=document.reference.replace(" ", "").upper(),
        purpose_code=document.purpose_code or USUAL_PURPOSE_CODE,
        purpose=slip_text(document.purpose or document.number, LONGEST_PURPOSE),
        due_on=document.due_on,
    )
    fault = fault_of(slip)
    if fault is None and ibans and iban not in ibans:
        return "other_iban"
    return fault or slip


def rewritten(document: Document, slip: Slip) -> list[tuple[str, str]]:
    """Return the texts of a document that stand otherwise on its slip, each with how they stand there.

    A slip has few letters and little room: who pays must see what was made of their name, and that it is theirs.
    """
    payer = document.payer
    texts = [
        (payer.name, slip.payer.name),
        (payer.street, slip.payer.street),
        (f"{payer.post_code} {payer.town}", slip.payer.town),
        (document.purpose or document.number, slip.purpose),
    ]
    return [(ours, written) for ours, written in texts if ours != written]


def fault_of(slip: Slip) -> Fault | None:
    """Return the first thing a bank would refuse, or None."""
    if not Decimal("0.01") <= slip.amount_eur <= LARGEST_EUR:
        return "amount"
    if not _is_iban(slip.iban):
        return "iban"
    if not is_valid_reference(slip.reference):
        return "reference"
    if not all((slip.payer.name, slip.payer.street, slip.payer.town)):
        return "payer"
    if not _PURPOSE_CODE.fullmatch(slip.purpose_code) or not slip.purpose:
        return "purpose"
    return None


@lru_cache(maxsize=1024)
def _is_iban(iban: str) -> bool:
    return bool(iban_number.is_valid(iban))


def party(*, name: str, street: str, town: str) -> Party:
    """Return a party in the slip's characters, each text cut to 33."""
    return Party(name=slip_text(name), street=slip_text(street), town=slip_text(town))


@lru_cache(maxsize=128)
def picture_svg(payload: bytes) -> bytes:
    """Return the code as a picture for pages: black on white with its quiet zone, sharp at any size."""
    out = io.BytesIO()
    symbol(payload).save(out, kind="svg", border=QUIET, light="#fff", xmldecl=False, omitsize=True, nl=False)
    return out.getvalue()


@lru_cache(maxsize=32)
def picture_png(payload: bytes) -> bytes:
    """Return the code as a picture to save and open in a bank's app: one bit a pixel, 600 dots an inch.

    Printed as it is, a module measures the 0.423 mm of the standard.
    """
    dark, light = "0" * PNG_PIXELS_A_MODULE, "1" * PNG_PIXELS_A_MODULE
    blank = light * QUIET
    lines = [blank + "".join(dark if module else light for module in line) + blank for line in symbol(payload).matrix]
    margin = [light * (len(lines) + 2 * QUIET)] * QUIET
    lines = [*margin, *lines, *margin]
    side = len(lines[0])
    padded = -side % 8
    raw = b"".join(
        (b"\0" + int(line + "0" * padded, 2).to_bytes((side + padded) // 8, "big")) * PNG_PIXELS_A_MODULE
        for line in lines
    )
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
        (b"pHYs", struct.pack(">IIB", PNG_PIXELS_A_METRE, PNG_PIXELS_A_METRE, 1)),
        (b"IDAT", zlib.compress(raw, 6)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
