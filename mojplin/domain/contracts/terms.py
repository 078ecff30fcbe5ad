"""What a renewal binds both sides to, and what it means in euros a year."""

from calendar import monthrange
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from mojplin.domain.contracts.models import Contract, Offer, Price

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of an offer for a contract; prices are euros with VAT for one `unit` (m3 or l)."""

    offer_number: str
    months: int
    price_eur: Decimal
    unit: str
    price_basis: str
    starts_on: date
    ends_on: date
    rental_eur_month: Decimal | None
    notice_days: int

    def as_json(self) -> dict[str, Any]:
        exact = {"price_eur": str(self.price_eur)}
        if self.rental_eur_month is not None:
            exact["rental_eur_month"] = str(self.rental_eur_month)
        days = {"starts_on": self.starts_on.isoformat(), "ends_on": self.ends_on.isoformat()}
        return asdict(self) | exact | days

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        rental = values["rental_eur_month"]
        exact = {
            "price_eur": Decimal(values["price_eur"]),
            "rental_eur_month": None if rental is None else Decimal(rental),
        }
        days = {name: date.fromisoformat(values[name]) for name in ("starts_on", "ends_on")}
        return cls(**values | exact | days)


def terms_of(contract: Contract, offer: Offer) -> Terms:
    """Return what taking the offer would mean: the new term begins the day after the contract's last."""
    if contract.ends_on is None:
        raise ValueError("a contract without end is not renewed")
    starts_on = contract.ends_on + ONE_DAY
    return Terms(
        offer_number=offer.number,
        months=offer.months,
        price_eur=offer.price_eur,
        unit=contract.unit,
        price_basis=offer.price_basis,
        starts_on=starts_on,
        ends_on=last_day(starts_on, offer.months),
        rental_eur_month=contract.rental_eur_month,
        notice_days=contract.notice_days,
    )


def last_day(starts_on: date, months: int) -> date:
    """Return the last day of a term: the day before the same day of the month, so many months later.

    Where that month is too short to have the day, the term ends with the month.
    """
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + months, 12)
    days = monthrange(year, month + 1)[1]
    if starts_on.day > days:
        return date(year, month + 1, days)
    return date(year, month + 1, starts_on.day) - ONE_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to go on and what it costs: for one unit, and in a year (None: a year of use is not known)."""

    price_eur: Decimal
    year_eur: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Way):
    """An offer as a way to go on; `saves_eur` a year against going on without renewal, None when it saves nothing."""

    terms: Terms
    valid_until: date
    saves_eur: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The offers, the lowest price first, beside the price now and the one without renewal."""

    choices: list[Choice]
    now: Way | None
    without: Way | None
    used: Decimal | None
    """What the years are reckoned on: units in a year."""
    is_normal: bool
    """Whether that is the use in normal weather; else as it was."""

    def choice(self, offer_number: str) -> Choice | None:
        return next((each for each in self.choices if each.terms.offer_number == offer_number), None)


def comparison(
    contract: Contract, *, product: str, used: Decimal | None, is_normal: bool = False, today: date
) -> Comparison:
    """Compare what the supplier offers today for a contract, in two statements.

    :param used: units in a year, in the contract's unit; None when it is not known.
    """
    prices = Price.objects.filter(product=product, unit=contract.unit, valid_from__lte=today).order_by("-valid_from")
    standard = prices.values_list("price_eur", flat=True).first()
    without = None if standard is None else Way(price_eur=standard, year_eur=_year(standard, used))
    now = None if contract.price_eur is None else Way(
        price_eur=contract.price_eur, year_eur=_year(contract.price_eur, used)
    )  # fmt: skip
    choices = [
        _against(without, Choice(
            price_eur=each.price_eur, year_eur=_year(each.price_eur, used), terms=terms_of(contract, each),
            valid_until=each.valid_until,
        ))
        for each in offers_to(contract, today)
    ]  # fmt: skip
    return Comparison(choices=choices, now=now, without=without, used=used, is_normal=is_normal)


def offers_to(contract: Contract, today: date) -> list[Offer]:
    """Return the offers that can be taken today; none once the contract is over."""
    if contract.ends_on is None or contract.ends_on < today or not contract.unit:
        return []
    return list(Offer.objects.good_on(today).filter(contract=contract).order_by("price_eur", "-months", "number"))


def next_offer_on(contract: Contract, today: date) -> date | None:
    """Return from when an offer that is known already will be good."""
    coming = Offer.objects.filter(contract=contract, withdrawn_on=None, valid_from__gt=today)
    return coming.order_by("valid_from").values_list("valid_from", flat=True).first()


def _year(price_eur: Decimal, used: Decimal | None) -> Decimal | None:
    return None if used is None else price_eur * used


def _against(without: Way | None, choice: Choice) -> Choice:
    if without is None or without.year_eur is None or choice.year_eur is None or choice.year_eur >= without.year_eur:
        return choice
    return replace(choice, saves_eur=without.year_eur - choice.year_eur)
