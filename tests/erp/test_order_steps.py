"""How far the supplier is with orders comes by the feed; what is about no order, or says too little, is set aside."""

import pytest
from django.utils import timezone

from mojplin.domain.orders.models import Article, GasOrder, OrderStep
from mojplin.domain.supply.models import Payer, SupplyPoint
from tests.cast import Customer
from tests.erp.feeds import Feed, exit_code_of, found

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(tmp_path):
    """Ana ordered gas for the place of the first export."""
    assert exit_code_of(Feed().write(tmp_path / "0")) == 0
    return GasOrder.objects.create(
        number="N-2026-000123", supply_point=SupplyPoint.objects.get(), payer=Payer.objects.get(),
        ordered_by=Customer("Ana").user, ordered_at=timezone.now(), gauge_percent=20, phone="040 000 000",
    )  # fmt: skip


def told(tmp_path, sequence, **values):
    feed = Feed()
    nothing = {"planned_until": "", "delivered_on": "", "litres": "", "gauge_percent": "", "reason": ""}
    feed.add("order_steps.csv", **nothing | values)
    return exit_code_of(feed.write(tmp_path / str(sequence), sequence=sequence))


def test_an_order_is_planned_then_delivered(tmp_path, order):
    assert told(tmp_path, 2) == 0
    order.refresh_from_db()
    assert order.state == "planned"
    assert told(tmp_path, 3, state="delivered", delivered_on="2026-12-03", litres="1490.5", gauge_percent="84") == 0
    order.refresh_from_db()
    step = OrderStep.objects.get()
    assert (order.state, str(step.litres), str(step.planned_from)) == ("delivered", "1490.500", "2026-12-02")


def test_what_says_too_little_or_is_about_no_order_is_set_aside(tmp_path, order):
    table = [
        ({"planned_from": ""}, "planned_from", "A planned delivery needs its day."),
        ({"planned_until": "2026-12-01"}, "planned_until", "The last day is before the first."),
        ({"state": "delivered"}, "delivered_on", "A delivery needs its day."),
        ({"state": "cancelled"}, "reason", "A cancelled order needs a reason that the customer can read."),
        ({"order_number": "N-2026-999999"}, "order_number", "The portal sent no such order."),
    ]
    for sequence, (values, column, reason) in enumerate(table, start=2):
        assert told(tmp_path, sequence, **values) == 2
        assert found() == [("order_steps.csv", 2, column, reason)]
    order.refresh_from_db()
    assert order.state == "received"


def test_a_surcharge_needs_its_limit_and_a_cylinder_has_none(tmp_path):
    feed = Feed()
    feed.add("articles.csv", article_number="JEK-10", kind="cylinder")
    feed.add("articles.csv", article_number="JEK-10", kind="cylinder", valid_from="2026-11-01", below_l="")
    assert exit_code_of(feed.write(tmp_path)) == 2
    assert [row[:3] for row in found()] == [("articles.csv", 3, "below_l")]
    assert Article.objects.count() == 2
