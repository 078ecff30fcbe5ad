"""The tables of the supplier's own file: what may be said of each part of the business, and within what.

The words under a setting are what docs/operating.md says of it (`python -m tools.supplier_settings` writes that table).
"""

import re
from collections.abc import Callable
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)
from stdnum import iban
from stdnum.eu import at_02
from stdnum.si import ddv

from mojplin.config.brand import Colour, Palette
from mojplin.config.mark import mark_from
from mojplin.domain.billing.slip_text import LONGEST_NAME, slip_text
from mojplin.domain.metering.towns import known_town


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("one line of letters and signs, nothing invisible")
    return text


def _matching(pattern: str, otherwise: str) -> Callable[[str], str]:
    """Return a check that takes what matches, and what is empty."""

    def check(text: str) -> str:
        if text and not re.fullmatch(pattern, text):
            raise ValueError(otherwise)
        return text

    return check


def _web_address(text: str) -> str:
    if text:
        TypeAdapter(HttpUrl).validate_python(text)
    return text


Text = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
Phone = Annotated[
    str, Field(max_length=40), AfterValidator(_matching(r"\+?[0-9][0-9 ()/-]+", "a telephone number, as in 080 00 00"))
]
Email = Annotated[
    str,
    Field(max_length=200),
    AfterValidator(
        _matching(r"[^\s@<>\"',;:()]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+", "an address, as in podpora@example.si")
    ),
]
WebAddress = Annotated[str, Field(max_length=500), AfterValidator(_one_line), AfterValidator(_web_address)]
Percent = Annotated[int, Field(ge=0, le=100)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]


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
    support_email: Annotated[Email, Field(min_length=1)]
    support_phone: Annotated[Phone, Field(min_length=1)]
    emergency_phone: Phone
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
    """The holder of the account exactly as the bank knows it: banks compare it with the payment slip. At most 33
    characters."""
    ibans: list[str]
    """The accounts customers pay to. The first stands on slips of documents that name none; a document that names
    another gets no slip, and the office is warned. Empty: whatever the export says."""
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

    @field_validator("ibans")
    @classmethod
    def are_accounts(cls, accounts: list[str]) -> list[str]:
        wrong = [account for account in accounts if not iban.is_valid(account)]
        if wrong:
            raise ValueError(f"no IBAN, or one with a wrong check digit: {', '.join(map(repr, wrong))}")
        return [iban.compact(account) for account in accounts]


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

    @field_validator("offer_latest_days_before")
    @classmethod
    def an_offer_comes_while_one_can_renew(cls, latest: int, info: ValidationInfo) -> int:
        if latest > info.data.get("offer_days_before", latest):
            raise ValueError("cannot be more than offer_days_before")
        return latest


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
    cylinder_form_url: WebAddress
    gas_purchase_form_url: WebAddress

    @field_validator("cylinder_form_url", "gas_purchase_form_url")
    @classmethod
    def is_given_where_customers_are_sent_there(cls, url: str, info: ValidationInfo) -> str:
        way = f"{(info.field_name or '').removesuffix('_form_url')}_way"
        if not url and info.data.get(way, "portal") != "portal":
            raise ValueError(f"{way} sends customers there: give its address")
        return url


class Answers(Table):
    """Who answers what customers send. What the ERP says in its export is taken in either way."""

    orders: Literal["erp", "office"]
    """`office`: the office plans and refuses orders in the portal; `erp`: it only looks."""
    renewals: Literal["erp", "office"]
    requests: Literal["erp", "office"]
    """Of how invoices come, direct debit and instalments."""


class Hours(Table):
    """When the office answers the telephone on these days of the week, unless they are work-free by law."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(min_length=1)
    opens: time
    closes: time

    @field_validator("closes")
    @classmethod
    def open_before_they_close(cls, closes: time, info: ValidationInfo) -> time:
        opens = info.data.get("opens")
        if closes.tzinfo or (opens and (opens.tzinfo or opens >= closes)):
            raise ValueError("the office cannot close before it opens")
        return closes


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

    @field_validator("quiet_until")
    @classmethod
    def day_is_between_them(cls, until: int, info: ValidationInfo) -> int:
        if until >= info.data.get("quiet_from", 24):
            raise ValueError("the quiet hours end in the morning, before the hour of the evening they begin at")
        return until


class Feed(Table):
    max_shrink_percent: Percent
    """A file with this much fewer rows than last time is held for a person."""
    max_ended_payers_percent: Percent


class Weather(Table):
    source: Literal["none", "open_meteo", "arso"]
    """Where daily temperatures come from, besides files."""
    url: WebAddress
    stations: dict[str, str]
    """The source's own number of a station by the name of our town; only for `arso`."""

    @field_validator("url")
    @classmethod
    def is_given_for_a_source(cls, url: str, info: ValidationInfo) -> str:
        if not url and info.data.get("source", "none") != "none":
            raise ValueError("a source needs its address")
        return url

    @field_validator("stations")
    @classmethod
    def are_of_known_towns(cls, stations: dict[str, str]) -> dict[str, str]:
        unknown = [name for name in stations if known_town(name) is None]
        if unknown:
            raise ValueError(f"no such town: {', '.join(unknown)}")
        return {known_town(name) or name: number for name, number in stations.items()}


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
    support: Support
    messages: Messages
    linking: Linking
    weather: Weather
    feed: Feed


def _is_slip_text(text: str) -> bool:
    return bool(text) and text == slip_text(text)
