"""The supplier's own file: a table of TOML for each part of the business, every wrong value named at the start.

What a file leaves out has the value of the sample beside this module, so a new setting never breaks an old file.
"""

import re
import tomllib
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from stdnum.eu import at_02
from stdnum.si import ddv

from mojplin.domain.billing.slip_text import LONGEST_NAME, slip_text
from mojplin.domain.metering.towns import known_town

SAMPLE = Path(__file__).with_name("supplier.toml")

Text = Annotated[str, Field(min_length=1, max_length=200)]
Percent = Annotated[int, Field(ge=0, le=100)]


def _web_address(text: str) -> str:
    TypeAdapter(HttpUrl).validate_python(text)
    return text


class WrongSupplierFile(Exception):
    """The file cannot be read or holds wrong values; the text names each of them on a line of its own."""


class Table(BaseModel):
    """A table of the file; a name nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Identity(Table):
    """Who the supplier is, as customers see it."""

    name: Text
    address: Text
    """Street, a comma, post code and town: also on payment slips."""
    tax_number: str
    """Eight digits without SI, as on its documents; empty: XML made by the portal names none."""
    support_email: Text
    support_phone: Text
    emergency_phone: str = Field(max_length=40)
    """The line that somebody answers day and night; empty: none, then 112 alone is shown where gas smells."""

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


class Payments(Table):
    payee_name: Text
    """The holder of the account exactly as the bank knows it: banks compare it with the payment slip."""
    epc_qr: bool
    """Whether a code for apps of foreign banks is shown beside the UPN QR code."""
    collective_reference: Literal["none", "payer_si12", "payer_rf"]
    """What a payment for several documents names, so that one code is enough; `none`: a code for each document."""

    @field_validator("payee_name")
    @classmethod
    def fits_the_payment_slip(cls, name: str) -> str:
        if not _is_slip_text(name):
            raise ValueError(f"a payment slip takes at most {LONGEST_NAME} characters of ISO 8859-2")
        return name


DayOfMonth = Annotated[int, Field(ge=1, le=31)]


class DirectDebit(Table):
    creditor_id: str = Field(max_length=35)
    """The creditor's identifier that the bank gave (SEPA); empty: no direct debit is offered."""

    @field_validator("creditor_id")
    @classmethod
    def is_an_identifier(cls, identifier: str) -> str:
        if identifier and not at_02.is_valid(identifier):
            raise ValueError("not an identifier of a SEPA creditor, as SI86ZZZ50223054")
        return identifier


class Instalments(Table):
    most: int = Field(ge=0, le=36)
    """Into how many monthly instalments an open balance may be shared out; 0: none are offered."""
    least_eur: Decimal = Field(ge=1, le=1_000_000, decimal_places=2)
    least_each_eur: Decimal = Field(ge=1, le=100_000, decimal_places=2)
    first_after_days: int = Field(ge=1, le=60)


class Readings(Table):
    window_first_day: int = Field(ge=1, le=28)
    """Day of the month on which readings open."""
    window_last_day: DayOfMonth
    """Day on which they close; one that a month does not have is its last, one before the first is of the next."""
    windows: dict[Literal["metered", "network"], tuple[DayOfMonth, DayOfMonth]]
    """First and last day where a kind of supply point has others."""
    reminders: bool
    reminder_links: bool
    """Whether the link of a reminder takes a reading without signing in."""


class Contracts(Table):
    offer_days_before: int = Field(ge=1, le=366)
    """Days before its end from which a contract is renewed."""
    offer_latest_days_before: int = Field(ge=1, le=366)
    """Days before its end by which an offer has come at the latest: what customers without one are told."""
    withdrawal_days: int = Field(ge=14, le=366)
    """Days after the agreement within which a renewal can be withdrawn from; the law asks for at least 14."""

    @model_validator(mode="after")
    def an_offer_comes_while_one_can_renew(self) -> "Contracts":
        if self.offer_latest_days_before > self.offer_days_before:
            raise ValueError("offer_latest_days_before cannot be more than offer_days_before")
        return self


class Orders(Table):
    least_l: int = Field(ge=1, le=100_000)
    """The smallest tank refill that can be ordered, in litres."""
    delivery_working_days: int = Field(ge=1, le=60)
    """So many working days after an order a delivery comes at the soonest."""
    delivery_days: int = Field(ge=0, le=60)
    """From the order until the gas is in the tank, at the latest."""
    cylinder_way: Literal["portal", "post", "token"]
    """How cylinders are ordered: in the portal, or on the web form, filled in by POST or by a one-time token."""
    gas_purchase_way: Literal["post", "token"]
    cylinder_form_url: str
    gas_purchase_form_url: str

    _are_addresses = field_validator("cylinder_form_url", "gas_purchase_form_url")(_web_address)


class Answers(Table):
    """Who answers what customers send. What the ERP says in its export is taken in either way."""

    orders: Literal["erp", "office"]
    """`office`: the office plans and refuses orders in the portal; `erp`: it only looks."""
    renewals: Literal["erp", "office"]
    requests: Literal["erp", "office"]
    """Of how invoices come, direct debit and instalments."""
    moves: Literal["erp", "office"]
    """Of hand-overs of supply points that both sides have confirmed."""


class Hours(Table):
    """When the office answers the telephone on these days of the week, unless they are work-free by law."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(min_length=1)
    opens: time
    closes: time

    @model_validator(mode="after")
    def open_before_they_close(self) -> "Hours":
        if self.opens >= self.closes:
            raise ValueError("the office cannot close before it opens")
        return self


class Support(Table):
    answer_working_days: int = Field(ge=1, le=30)
    """Within so many working days an enquiry is answered."""
    complaint_working_days: int = Field(ge=1, le=30)
    reply_email: str = Field(max_length=200)
    """Where customers answer by mail, as name@domain; name+anything@domain must come in too. Empty: nowhere."""
    hours: list[Hours] = Field(min_length=1)

    @field_validator("reply_email")
    @classmethod
    def is_one_address(cls, address: str) -> str:
        if address and not re.fullmatch(r"[a-z0-9._-]{1,20}@[a-z0-9.-]+", address):
            raise ValueError("give it in small letters as name@domain, the name at most 20 characters, without +")
        return address


class Linking(Table):
    policy: Literal["three", "three_fresh", "three_plus_code"]
    """What links: three numbers; besides, a code unless the document is of the last 95 days; or always a code."""
    probation_hours: int = Field(ge=0, le=720)
    """How long a link by numbers alone may not order, renew, change contact data or invite; 0 is off, 72 is advised."""
    recheck_months: int = Field(ge=0, le=120)
    """After how long a link asks for the newest document number once more; 0 is never."""


class Messages(Table):
    quiet_from: int = Field(ge=1, le=24)
    """From this hour of the evening no reminder or news leaves."""
    quiet_until: int = Field(ge=0, le=23)
    """Until this hour of the morning; both by the clock of Ljubljana."""

    @model_validator(mode="after")
    def day_is_between_them(self) -> "Messages":
        if self.quiet_until >= self.quiet_from:
            raise ValueError("the quiet hours end in the morning, before the hour of the evening they begin at")
        return self


class Feed(Table):
    max_shrink_percent: Percent
    """A file with this much fewer rows than last time is held for a person."""
    max_ended_payers_percent: Percent


class Weather(Table):
    source: Literal["none", "open_meteo", "arso"]
    """Where daily temperatures come from, besides files."""
    url: str
    stations: dict[str, str]
    """The source's own number of a station by the name of our town; only for `arso`."""

    @field_validator("url")
    @classmethod
    def is_an_address(cls, text: str) -> str:
        return _web_address(text) if text else text

    @field_validator("stations")
    @classmethod
    def are_of_known_towns(cls, stations: dict[str, str]) -> dict[str, str]:
        unknown = [name for name in stations if known_town(name) is None]
        if unknown:
            raise ValueError(f"no such town: {', '.join(unknown)}")
        return {known_town(name) or name: number for name, number in stations.items()}

    @model_validator(mode="after")
    def a_source_has_an_address(self) -> "Weather":
        if self.source != "none" and not self.url:
            raise ValueError("a source needs its url")
        return self


class Supplier(Table):
    """The whole file."""

    supplier: Identity
    payments: Payments
    direct_debit: DirectDebit
    instalments: Instalments
    readings: Readings
    contracts: Contracts
    orders: Orders
    answers: Answers
    support: Support
    messages: Messages
    linking: Linking
    weather: Weather
    feed: Feed


def supplier_from(path: Path | None) -> Supplier:
    """Return what the file says, over the sample.

    :raises WrongSupplierFile: no such file, not TOML, or values that are wrong.
    """
    said = _read(SAMPLE)
    if path:  # an invented number of the sample must never stand for a real one
        said["supplier"] |= {"emergency_phone": "", "tax_number": ""}
    for name, table in _read(path).items() if path else ():
        said[name] = said.get(name, {}) | table if isinstance(table, dict) else table
    try:
        return Supplier.model_validate(said)
    except ValidationError as wrong:
        lines = [f"{path or SAMPLE}: {_sentence(error)}" for error in wrong.errors()]
        raise WrongSupplierFile("\n".join(lines)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as fault:
        raise WrongSupplierFile(f"{path}: {fault.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise WrongSupplierFile(f"{path}: {fault}") from None


def _sentence(error: Any) -> str:
    """Say where and what, as in `readings.window_first_day = 40: Input should be less than or equal to 28`."""
    place = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"{place}: no such setting"
    return f"{place} = {error['input']!r}: {error['msg'].removeprefix('Value error, ')}"


def _is_slip_text(text: str) -> bool:
    return bool(text) and text == slip_text(text)
