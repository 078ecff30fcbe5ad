"""One field finds everything: names, addresses, e-mail, and numbers of payers, places, documents, orders, enquiries.

Words are looked for at the beginning of a word, folded ("cop" finds Čop), in any order; numbers from their beginning.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.models import Document, PayerRequest
from mojplin.domain.contracts.models import Contract, Renewal
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.orders.models import CylinderOrder, GasOrder
from mojplin.domain.supply.models import Payer, PayerPeriod, SupplyPoint
from mojplin.domain.support.models import Enquiry
from mojplin.foundation.folding import folded_words
from mojplin.foundation.formats import masked_email
from mojplin.foundation.planning import planned_each_time

SHOWN = 8
"""Of each kind: who has more writes more."""
CANDIDATES = 100
"""Of each kind that are read, before the best of them are shown."""
LEAST_LETTERS = 2
MOST_WORDS, LONGEST = 6, 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One thing found, with as little of it as it takes to know it again."""

    title: str
    note: str = ""
    payer_number: str = ""
    """Whose customer page it leads to."""
    user_id: str = ""
    """Public id of the account it leads to, where there is no payer."""


def find(typed: str, *, today: date) -> dict[str, list[Hit]] | None:
    """Return what fits by kind, at most eight of each, in at most nine statements; None: too little was typed."""
    words, number = folded_words(typed[:LONGEST])[:MOST_WORDS], " ".join(typed[:LONGEST].split()).upper()
    if sum(map(len, words)) < LEAST_LETTERS:
        return None
    with planned_each_time():
        found = {"payers": _payers(words, number), "users": _users(words), "places": _places(words, number, today)}
        if any(map(str.isdigit, number)):
            found |= _numbered(number)
    return {kind: hits for kind, hits in found.items() if hits}


def _with_words(rows: "QuerySet[Any]", words: list[str]) -> "QuerySet[Any]":
    for word in words:
        rows = rows.filter(search_text__contains=f" {word}")
    return rows


def _best(rows: Iterable[tuple[Any, ...]], number: str, *, by: int) -> list[tuple[Any, ...]]:
    """Return eight rows: first the one with exactly this number, which stands in front, then by the column `by`.

    Putting all that fit in order, before cutting, is what takes long where a word fits half of the customers.
    """
    return sorted(rows, key=lambda row: (row[0] != number, str(row[by]).casefold(), row[0]))[:SHOWN]


def _payers(words: list[str], number: str) -> list[Hit]:
    rows = _with_words(Payer.objects.all(), words).values_list("number", "name", "town")[:CANDIDATES]
    found = _best(rows, number, by=1)
    return [Hit(title=name, note=f"{key}, {town}", payer_number=key) for key, name, town in found]


def _users(words: list[str]) -> list[Hit]:
    customers = User.objects.filter(erased_at=None, role=User.Role.CUSTOMER)
    rows = _with_words(customers, words).values_list("public_id", "username", "email")[:CANDIDATES]
    found = _best(rows, "", by=1)
    return [Hit(title=name, note=masked_email(email), user_id=key) for key, name, email in found]


def _places(words: list[str], number: str, today: date) -> list[Hit]:
    points = SupplyPoint.objects.annotate(payer=payer_there(OuterRef("pk"), today))
    rows = _with_words(points, words).values_list("number", "street", "town", "payer")[:CANDIDATES]
    found = _best(rows, number, by=0)
    return [Hit(title=key, note=f"{street}, {town}", payer_number=payer or "") for key, street, town, payer in found]


def payer_there(supply_point: Any, today: date) -> Subquery:
    """Return the number of who pays for a supply point today, else of the last who did, as part of a query."""
    periods = PayerPeriod.objects.filter(supply_point=supply_point, starts_on__lte=today)
    return Subquery(periods.order_by("-starts_on").values("payer__number")[:1])


def _numbered(number: str) -> dict[str, list[Hit]]:
    """Return what begins with this number; of a document's external number, the whole."""
    begins = {"number__startswith": number}
    documents = Document.objects.filter(**begins), Document.objects.filter(external_number=number)
    enquiries = Enquiry.objects.filter(**begins).order_by("number")[:SHOWN]
    rows = enquiries.values_list("number", "sent_by__username", "sent_by__public_id")
    return {
        "documents": [hit for each in documents for hit in _of_payers(each)][:SHOWN],
        "contracts": _of_payers(Contract.objects.filter(**begins)),
        "orders": _of_payers(GasOrder.objects.filter(**begins)),
        "enquiries": [Hit(title=title, note=name, user_id=key) for title, name, key in rows],
    } | _asked(number)


def _asked(number: str) -> dict[str, list[Hit]]:
    """Return what customers asked for otherwise; the letters in front of its number say what it is."""
    if number.startswith("J-"):
        cylinders = CylinderOrder.objects.filter(number__startswith=number).order_by("number")[:SHOWN]
        of_users = cylinders.values_list("number", "ordered_by__username", "ordered_by__public_id")
        return {"orders": [Hit(title=title, note=name, user_id=key) for title, name, key in of_users]}
    if number.startswith("PO-"):
        return {"requests": _of_payers(Renewal.objects.filter(number__startswith=number), "contract__payer")}
    if number.startswith("Z-"):
        return {"requests": _of_payers(PayerRequest.objects.filter(number__startswith=number))}
    if number.startswith("S-"):
        return {"moves": _of_payers(MoveOut.objects.filter(number__startswith=number))}
    return {}


def _of_payers(rows: "QuerySet[Any]", payer: str = "payer") -> list[Hit]:
    found = rows.order_by("number").values_list("number", f"{payer}__name", f"{payer}__number")[:SHOWN]
    return [Hit(title=number, note=name, payer_number=payer) for number, name, payer in found]
