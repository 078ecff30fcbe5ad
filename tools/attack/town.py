"""A made-up base of payers with sequential numbers, and the attackers' accounts and addresses."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mojplin.domain.accounts.models import Session, User
from mojplin.domain.billing.models import Document
from mojplin.domain.supply.models import Payer, PayerPeriod, SupplyPoint
from mojplin.foundation.protected import lookup_hash

ADDRESS = {"street": "Pot 1", "post_code": "1000", "town": "Ljubljana"}
FIRST_PAYER, FIRST_DOCUMENT = 20_400_000, 100_000
WEIGHTS = (8, 7, 6, 5, 4, 3, 2)
"""Of the digits of a tax number; the last one checks their sum."""


@dataclass(frozen=True, slots=True)
class Target:
    """A payer with the three numbers that open the place; `serial` is the place in every sequence of numbers."""

    serial: int
    payer_id: int
    tax: str
    payer: str
    document: str
    email: str


def tax_numbers(count: int, lot: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[random_tax_number(lot)] = None
    return list(found)


def random_tax_number(lot: random.Random) -> str:
    """Return one of the 8,181,818 numbers that can be a tax number, each as likely as any other."""
    while True:
        stem = str(lot.randrange(1_000_000, 10_000_000))
        check = 11 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, stem, strict=True)) % 11
        if check != 11:  # such a stem has no check digit
            return f"{stem}{check % 10}"


def payer_number(serial: int) -> str:
    return str(FIRST_PAYER + serial)


def document_number(serial: int) -> str:
    return f"ZD-{FIRST_DOCUMENT + serial}"


def build(count: int, lot: random.Random, on: date) -> list[Target]:
    """Write the payers with one place and one fresh document each, and return them."""
    taxes = tax_numbers(count, lot)
    payers = Payer.objects.bulk_create(_payers(taxes), 2_000)
    points = SupplyPoint.objects.bulk_create(
        [SupplyPoint(number=f"T-{n}", kind="metered", recipient_number=f"P{n}", **ADDRESS) for n in range(count)], 2_000
    )
    pairs = list(zip(payers, points, strict=True))
    since = on - timedelta(days=3_000)
    PayerPeriod.objects.bulk_create(
        [PayerPeriod(payer=payer, supply_point=point, starts_on=since) for payer, point in pairs], 2_000
    )
    Document.objects.bulk_create(_documents(pairs, on), 2_000)
    return _targets(taxes)


def rebuilt(count: int, lot: random.Random) -> list[Target]:
    """Return the payers of a copy of what `build` wrote with the same lot."""
    return _targets(tax_numbers(count, lot))


def email_of(serial: int) -> str:
    """Every third has no e-mail address."""
    return "" if serial % 3 == 2 else f"placnik{serial}@example.si"


def _payers(taxes: list[str]) -> list[Payer]:
    return [
        Payer(
            number=payer_number(n), name=f"Plačnik {n}", kind="person", tax_number_hash=lookup_hash(tax),
            tax_number_encrypted="", tax_number_last3=tax[-3:], email=email_of(n), **ADDRESS,
        )
        for n, tax in enumerate(taxes)
    ]  # fmt: skip


def _documents(pairs: list[tuple[Payer, SupplyPoint]], on: date) -> list[Document]:
    return [
        Document(
            number=f"26-{n}", kind="invoice", payer=payer, supply_point=point, external_number=document_number(n),
            issued_on=on, net_eur=1, vat_eur=0, amount_eur=1, open_eur=0,
        )
        for n, (payer, point) in enumerate(pairs)
    ]  # fmt: skip


def _targets(taxes: list[str]) -> list[Target]:
    keys = dict(Payer.objects.values_list("number", "pk"))
    return [
        Target(n, keys[payer_number(n)], tax, payer_number(n), document_number(n), email_of(n))
        for n, tax in enumerate(taxes)
    ]


def accounts(count: int, now: datetime) -> list[tuple[User, Session]]:
    """Return accounts that are old enough to have the full number of tries, each with a session."""
    since = now - timedelta(days=90)
    users = User.objects.bulk_create(
        [
            User(
                username=f"napad{n:04}", username_key=f"napad{n:04}", email=f"napad{n:04}@example.com",
                registered_at=since, password="!",
            )
            for n in range(count)
        ]
    )  # fmt: skip
    sessions = Session.objects.bulk_create(
        [
            Session(key_hash=f"{n:064}", user=user, created_at=now, confirmed_at=now, last_seen_at=now)
            for n, user in enumerate(users)
        ]
    )
    return list(zip(users, sessions, strict=True))


def addresses(count: int) -> list[str]:
    """Return networks: three IPv4 addresses for each IPv6 household."""
    return [f"2001:db8:{n:x}::7" if n % 4 == 3 else f"198.51.{100 + n // 250}.{n % 250 + 1}" for n in range(count)]
