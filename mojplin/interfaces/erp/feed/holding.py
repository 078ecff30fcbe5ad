"""The limits beyond which an export waits for a person, and the difference that person looks at."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from mojplin.domain.supply.models import FeedRun
from mojplin.interfaces.erp.contract import FILES, File
from mojplin.interfaces.erp.feed.runs import last_taken_in
from mojplin.interfaces.erp.feed.swap import Statements
from mojplin.interfaces.erp.feed.tables import TABLES

SHOWN_PAYERS = 20
Difference = dict[str, Any]
"""`files`: by name `before` (rows of the export taken in last; None: there is none), `now` and `is_too_few`; of one
that is held also `added` and `changed`. `payers`: how many are `paying` and would have `ended`, `is_too_many`, and of
one that is held the first `numbers` of them."""


def difference_of(rows: dict[str, int], today: date) -> Difference:
    """Return how this export differs from the one taken in last. Call when staged."""
    last = last_taken_in()
    paying, ended = _ended_payers(today)
    is_too_many = ended * 100 > settings.FEED_MAX_ENDED_PAYERS_PERCENT * paying
    return {
        "files": {file.name: _file_difference(file, rows[file.name], last) for file in FILES},
        "payers": {"paying": paying, "ended": ended, "is_too_many": is_too_many},
    }


def reasons_to_hold(difference: Difference) -> list[str]:
    """Return why a person should look before this export is taken in: rows gone, payers ended."""
    reasons = [
        f"{name} has {each['now']} rows, last time it had {each['before']}."
        for name, each in difference["files"].items()
        if each["is_too_few"]
    ]
    payers = difference["payers"]
    if payers["is_too_many"]:
        reasons.append(f"{payers['ended']} of {payers['paying']} payers would end.")
    return reasons


def looked_into(difference: Difference, today: date) -> Difference:
    """Return the difference with what takes longer to find out, for one that is held. Call when staged."""
    files = {name: dict(each) for name, each in difference["files"].items()}
    for table in TABLES:
        files[table.file.name] |= _new_and_changed(Statements(table))
    return {"files": files, "payers": difference["payers"] | {"numbers": _numbers_of_ended(today)}}


def _file_difference(file: File, now: int, last: FeedRun | None) -> dict[str, Any]:
    before = int(last.counts.get(file.name, {}).get("rows", 0)) if last else 0
    limit = settings.FEED_MAX_SHRINK_PERCENT if file.may_shrink_percent is None else file.may_shrink_percent
    is_too_few = now < before and (before - now) * 100 > limit * before
    return {"before": before if last else None, "now": now, "is_too_few": is_too_few}


def _new_and_changed(statements: Statements) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statements.make_change())
        cursor.execute(f"SELECT COUNT(*), COUNT(id) FROM {statements.change}")
        written, changed = cursor.fetchone()
    return {"added": written - changed, "changed": changed}


def _ended_payers(today: date) -> tuple[int, int]:
    """Return how many payers pay for a supply point now, and how many of them no longer would."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({PAYING}) a", [today])
        paying = cursor.fetchone()[0]
        cursor.execute(f"SELECT COUNT(*) FROM ({ENDED}) b", [today, today])
        return paying, cursor.fetchone()[0]


def _numbers_of_ended(today: date) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"{ENDED} ORDER BY number LIMIT {SHOWN_PAYERS}", [today, today])
        return [number for (number,) in cursor.fetchall()]


STILL = "(ends_on IS NULL OR ends_on > %s)"
PAYING = (
    "SELECT DISTINCT p.number FROM supply_payerperiod x JOIN supply_payer p ON p.id = x.payer_id"
    " WHERE (x.ends_on IS NULL OR x.ends_on > %s)"
)
ENDED = (
    f"SELECT number FROM ({PAYING}) a WHERE number NOT IN (SELECT payer_number FROM feed_payer_periods WHERE {STILL})"
    " AND number IN (SELECT payer_number FROM feed_payer_periods)"
)
