"""How the supplier does business: the tables of its file about readings, contracts, orders, answers and the rest.

The words under a setting are what docs/operating.md says of it (`python -m tools.supplier_settings` writes that table).
"""

import re
from datetime import time
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from mojplin.config.values import DayOfMonth, Percent, Table, WebAddress
from mojplin.domain.metering.towns import known_town


class Readings(Table):
    window_first_day: int = Field(ge=1, le=28)
    """Day of the month on which readings open."""
    window_last_day: DayOfMonth
    """Day on which they close. One that a month does not have is its last; one before the first day lies in the next
    month."""
    windows: dict[Literal["metered", "network"], tuple[DayOfMonth, DayOfMonth]]
    """Other days for a kind of supply point, as `{ network = [20, 28] }`; the export can name days of a single supply
    point, too."""
    reminders: bool
    """Mails that remind of a reading: when its window opens, and two days before it closes while none came."""
    reminder_links: bool
    """The reminder's link takes the reading without signing in: write-only, for that place and month, until the window
    closes."""


class Contracts(Table):
    offer_days_before: int = Field(ge=1, le=366)
    """How many days before its end a contract can be renewed and its offers are shown."""
    offer_latest_days_before: int = Field(ge=1, le=366)
    """How many days before its end an offer has come at the latest; customers without one are told that day."""
    withdrawal_days: int = Field(ge=14, le=366)
    """Within how many days a renewal can be withdrawn from without a reason; the law asks for at least 14. A time limit
    that ends on a work-free day ends on the next working day."""

    @field_validator("offer_latest_days_before")
    @classmethod
    def an_offer_comes_while_one_can_renew(cls, latest: int, info: ValidationInfo) -> int:
        if latest > info.data.get("offer_days_before", latest):
            raise ValueError("cannot be more than offer_days_before")
        return latest


class Orders(Table):
    least_l: int = Field(ge=1, le=100_000)
    """The smallest tank refill, litres; the surcharge for little comes with the price list."""
    delivery_working_days: int = Field(ge=1, le=60)
    """So many working days after an order a delivery comes at the soonest."""
    delivery_days: int = Field(ge=0, le=60)
    """Days from an order until the gas is in the tank, at the latest: by so much the last day of "order between ..." is
    early."""
    cylinder_way: Literal["portal", "post", "token"]
    """How cylinders are ordered: in the portal from the feed's price list of articles, or on the supplier's web form,
    which `post` fills in by POST and `token` by a one-time token, see "Web forms of the supplier"."""
    gas_purchase_way: Literal["post", "token"]
    """The same for buying gas for a tank."""
    cylinder_form_url: WebAddress
    """The web form customers are handed over to; needed unless cylinders are ordered in the portal."""
    gas_purchase_form_url: WebAddress
    """The web form for buying gas."""

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
    """Who answers orders. `office`: clerks do it in the office of the portal and the ERP is told; `erp`: the office
    only looks. What the export says (`order_steps.csv`) is taken in either way and takes the place of what the office
    had said; that something was delivered comes from the ERP alone."""
    renewals: Literal["erp", "office"]
    """The same for renewals of contracts (`renewal_answers.csv`)."""
    requests: Literal["erp", "office"]
    """The same for requests about how invoices come and are paid (`request_answers.csv`)."""
    moves: Literal["erp", "office"]
    """The same for hand-overs of supply points that both sides have confirmed (`move_answers.csv`)."""


class Moving(Table):
    """Hand-overs of supply points."""

    announce_days_ahead: int = Field(ge=0, le=366)
    """How many days ahead whoever moves out can announce the day; the reading they add once it has come. 0: a hand-over
    is announced on its day or after it."""


class Hours(Table):
    """When the office answers the telephone on these days of the week, unless they are work-free by law."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(min_length=1)
    """Days of the week; work-free days of Slovenia are left out by themselves."""
    opens: time
    """From when the office answers the telephone, as `"07:00"`."""
    closes: time
    """Until when."""

    @field_validator("closes")
    @classmethod
    def open_before_they_close(cls, closes: time, info: ValidationInfo) -> time:
        opens = info.data.get("opens")
        if closes.tzinfo or (opens and (opens.tzinfo or opens >= closes)):
            raise ValueError("the office cannot close before it opens")
        return closes


class Support(Table):
    answer_working_days: int = Field(ge=1, le=30)
    """Within so many working days a message is answered; the customer reads the day."""
    complaint_working_days: int = Field(ge=1, le=30)
    """The same for a complaint."""
    reply_email: str = Field(max_length=200)
    """Where customers' answers by mail come in, as name@domain; name+anything@domain must come in too, see "Answers by
    mail". Empty, also when a file leaves it out: nowhere."""
    hours: list[Hours] = Field(min_length=1)
    """When the office answers the telephone: a table for each, see below."""

    @field_validator("reply_email")
    @classmethod
    def is_one_address(cls, address: str) -> str:
        if address and not re.fullmatch(r"[a-z0-9._-]{1,20}@[a-z0-9.-]+", address):
            raise ValueError("give it in small letters as name@domain, the name at most 20 characters, without +")
        return address


class Linking(Table):
    policy: Literal["three", "three_fresh", "three_plus_code"]
    """What links a supply point: `three` numbers; `three_fresh`: a code besides unless the document is at most 95 days
    old; `three_plus_code`: always a code besides."""
    probation_hours: int = Field(ge=0, le=720)
    """How long a link by numbers alone may not order, renew, change contact data or invite; 72 is advised, 0 is off."""
    recheck_months: int = Field(ge=0, le=120)
    """After how long a link asks for the newest external document number once more; 24 is advised, 0 is never. A
    changed e-mail address or a replaced forgotten password asks for it at once."""


class Messages(Table):
    quiet_from: int = Field(ge=1, le=24)
    """From this hour of the evening, by the clock of Ljubljana, no reminder and no news leaves; it goes in the morning.
    Mails that can be stopped carry List-Unsubscribe headers (RFC 8058): the mail server must sign them, too (DKIM)."""
    quiet_until: int = Field(ge=0, le=23)
    """Until this hour of the morning."""

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
    """So is an export that would end this share of payers."""


class Weather(Table):
    source: Literal["none", "open_meteo", "arso"]
    """Where daily temperatures come from besides files."""
    url: WebAddress
    """Its address: for `open_meteo` its archive, as `https://archive-api.open-meteo.com/v1/archive`, or a server of
    one's own; for `arso` as `https://meteo.arso.gov.si/webmet/archive/data.xml`."""
    stations: dict[str, str]
    """For `arso`: the number of the station by town, as in `{ "Ljubljana" = "1895" }`; other towns keep normal days."""

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
