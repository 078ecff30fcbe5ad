"""The tables of the supplier's own file: who it is, how it looks, to whom its customers pay.

The words under a setting are what docs/operating.md says of it (`python -m tools.supplier_settings` writes that table).
"""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from stdnum import iban
from stdnum.eu import at_02
from stdnum.si import ddv

from mojplin.config.brand import Colour, Palette
from mojplin.config.mark import mark_from
from mojplin.config.supplier_ways import (
    Answers,
    Contracts,
    Feed,
    Linking,
    Messages,
    Moving,
    Orders,
    Readings,
    Support,
    Weather,
)
from mojplin.config.values import Email, Phone, Table, Text
from mojplin.domain.billing.slip_text import LONGEST_NAME, slip_text

LONGEST_PORTAL_NAME = 40
"""It stands in subjects of mails and beside the mark on a phone."""


class Identity(Table):
    """Who the supplier is, as customers see it."""

    name: Text
    """The supplier as customers see it."""
    portal_name: Annotated[Text, Field(max_length=LONGEST_PORTAL_NAME)]
    """What the portal is called: on every page, in mails, calendars and files, among apps, beside passkeys
    and codes. Texts name it after a noun (portal ...), so it is never declined."""
    address: Text
    """As `street, post code town`; also on payment slips, each part at most 33 characters."""
    tax_number: str
    """Eight digits without SI, for the XML that the portal makes where the export brought none. Empty, also when a file
    leaves it out: that XML names none."""
    support_email: Annotated[Email, Field(min_length=1)]
    """Where customers write, and where the office is told of enquiries."""
    support_phone: Annotated[Phone, Field(min_length=1)]
    """The telephone of the office, on every page."""
    emergency_phone: Phone
    """The line answered day and night, wherever it is said what to do when gas smells. Empty, also when a file leaves
    it out: 112 alone."""

    @field_validator("portal_name")
    @classmethod
    def is_a_name(cls, name: str) -> str:
        if not any(character.isalpha() for character in name) or set(name) & set("<>{}"):
            raise ValueError("a name with letters, without < > { }")
        return name

    @field_validator("address")
    @classmethod
    def fits_the_payment_slip(cls, address: str) -> str:
        street, _comma, town = address.rpartition(", ")
        if not all(_is_slip_text(part) for part in (street, town)):
            raise ValueError(f"give it as 'street, post code town', each at most {LONGEST_NAME} characters")
        return address

    @field_validator("tax_number")
    @classmethod
    def is_slovenian(cls, number: str) -> str:
        if number and not (number.isdigit() and ddv.is_valid(number)):
            raise ValueError("eight digits without SI, with the right check digit")
        return number

    @property
    def street_and_town(self) -> tuple[str, str]:
        street, _comma, town = self.address.rpartition(", ")
        return street, town


class Brand(Table):
    mark: str
    """Name of an SVG file beside this one: square, shapes alone, at most 32 KB. It is the mark of every page, the
    picture in the browser's tab and the icon on a phone. Empty: the portal's own drop, in the colours below."""
    icon_ground: Colour
    """What the mark stands on where a phone wants icons filled to their edges; white where a file leaves it out."""
    light: Palette
    """The colours on a light ground; whoever gives any colour gives all of both tables."""
    dark: Palette
    """The colours on a dark ground."""

    @field_validator("mark")
    @classmethod
    def is_a_drawing(cls, name: str, info: ValidationInfo) -> str:
        if not name:
            return ""
        if Path(name).name != name or not name.isprintable():
            raise ValueError("give the name of a file beside this one, without folders")
        return mark_from(Path((info.context or {}).get("folder", ".")) / name)


class Payments(Table):
    payee_name: Text
    """The holder of the account exactly as the bank knows it, because banks compare it with the slip; at most 33
    characters."""
    ibans: list[str]
    """The accounts customers pay to. The first stands on slips of documents that name none; a document that names
    another gets no slip, and the office is warned. Empty, also when a file leaves it out: whatever the export says."""
    epc_qr: bool
    """Also show an EPC QR code, which apps of foreign banks read; Slovene ones read the UPN QR code that is always
    there."""
    collective_reference: Literal["none", "payer_si12", "payer_rf"]
    """How several documents of a payer are paid at once. `none`: a code for each, one after the other. `payer_si12`,
    `payer_rf`: one code over the sum, whose reference is `SI12` with the payer number and its check digit (modulo 11;
    payer numbers of at most 12 digits), or `RF` with the payer number (at most 21 digits and capital letters). Only for
    suppliers who set such a payment against the payer's oldest open documents; the purpose names the documents as far
    as 42 characters go."""

    @field_validator("payee_name")
    @classmethod
    def fits_the_payment_slip(cls, name: str) -> str:
        if not _is_slip_text(name):
            raise ValueError(f"a payment slip takes at most {LONGEST_NAME} characters of ISO 8859-2")
        return name

    @field_validator("ibans")
    @classmethod
    def are_accounts(cls, accounts: list[str]) -> list[str]:
        wrong = [account for account in accounts if not iban.is_valid(account)]
        if wrong:
            raise ValueError(f"no IBAN, or one with a wrong check digit: {', '.join(map(repr, wrong))}")
        return [iban.compact(account) for account in accounts]


class DirectDebit(Table):
    creditor_id: str = Field(max_length=35)
    """The identifier the bank gave the supplier as a SEPA creditor. Empty, also when a file leaves it out: no direct
    debit is offered."""

    @field_validator("creditor_id")
    @classmethod
    def is_an_identifier(cls, identifier: str) -> str:
        if identifier and not at_02.is_valid(identifier):
            raise ValueError("not an identifier of a SEPA creditor, as SI86ZZZ50223054")
        return identifier


class Instalments(Table):
    most: int = Field(ge=0, le=36)
    """Into how many monthly instalments a customer may propose to pay what is open; 0: none are offered."""
    least_eur: Decimal = Field(ge=1, le=1_000_000, decimal_places=2)
    """The smallest balance that is shared out."""
    least_each_eur: Decimal = Field(ge=1, le=100_000, decimal_places=2)
    """The smallest instalment."""
    first_after_days: int = Field(ge=1, le=60)
    """Days until the first one."""


class Supplier(Table):
    """The whole file."""

    supplier: Identity
    brand: Brand
    payments: Payments
    direct_debit: DirectDebit
    instalments: Instalments
    readings: Readings
    contracts: Contracts
    orders: Orders
    answers: Answers
    moving: Moving
    support: Support
    messages: Messages
    linking: Linking
    weather: Weather
    feed: Feed


def _is_slip_text(text: str) -> bool:
    return bool(text) and text == slip_text(text)
