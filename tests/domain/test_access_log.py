"""The access log only grows: the database itself refuses to change or delete what was written."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent
from tests.cast import Customer, moment

LONG_AGO = moment(2020, 2, 29)
What = AccessEvent.What


@pytest.fixture
def ana(db):
    return Customer("Ana", signed_in=False).user


def recorded(ana, at):
    access_log.record(whose=ana, what=What.POINT_LINKED, by=ana, about="Dom", ip="192.0.2.7", now=at)
    return AccessEvent.objects.latest("pk")


@pytest.mark.parametrize(
    "change",
    [
        {"what": "signed_in"},
        {"by": None},
        {"by_role": "admin"},
        {"at": LONG_AGO},
        {"about": "Vikend"},
        {"ip": "192.0.2.8"},
        {"about": "", "what": "signed_in"},
    ],
)
def test_an_event_is_never_changed(ana, change):
    event = recorded(ana, timezone.now())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AccessEvent.objects.filter(pk=event.pk).update(**change)


def test_an_event_is_not_deleted_while_it_must_be_kept(ana):
    event = recorded(ana, timezone.now())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_accessevent")
    assert AccessEvent.objects.filter(pk=event.pk).exists()


def test_nothing_is_put_in_the_place_of_an_event(ana):
    event = recorded(ana, timezone.now())
    columns = "what, by_role, about, reason, payer_number, at"
    values = "'signed_in', '', 'Vikend', '', '', CURRENT_TIMESTAMP"
    way = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{way} INTO accounts_accessevent (id, {columns}) VALUES ({event.pk}, {values})")
    event.refresh_from_db()
    assert (event.what, event.about) == ("point_linked", "Dom")


def test_the_table_is_not_emptied_at_once(ana):
    if connection.vendor != "postgresql":  # SQLite knows no TRUNCATE: its DELETE is asked about above
        return
    recorded(ana, timezone.now())
    as_in_production = "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL mojplin.truncate = 'no'; TRUNCATE accounts_accessevent"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(as_in_production)
    assert AccessEvent.objects.exists()


def test_erasing_may_empty_what_tells_who_it_was_and_nothing_else(ana):
    bojan = Customer("Bojan", signed_in=False).user
    recorded(ana, timezone.now())
    access_log.record(whose=bojan, what=What.SHARE_ENDED, by=ana, about="Babica", ip="192.0.2.7", now=timezone.now())
    access_log.forget_names(ana)
    own, on_bojan = AccessEvent.objects.order_by("pk")
    assert (own.about, own.ip, own.what, own.whose) == ("", None, "point_linked", ana)
    assert (on_bojan.about, on_bojan.ip) == ("Babica", None)


def test_events_go_when_their_24_months_are_over(ana):
    recorded(ana, LONG_AGO)
    young = recorded(ana, timezone.now() - timedelta(days=720))
    access_log.forget_old(timezone.now())
    assert list(AccessEvent.objects.all()) == [young]


def test_two_years_before_the_last_of_a_month_is_the_last_of_that_month():
    assert access_log.months_before(moment(2026, 2, 28), 24) == moment(2024, 2, 28)
    assert access_log.months_before(LONG_AGO, 12).date().isoformat() == "2019-02-28"
    assert access_log.months_before(moment(2026, 1, 31), 1).date().isoformat() == "2025-12-31"
