"""A statement that was written once answers with the numbers of the day, never with those it was written for."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from mojplin.domain.billing.models import Document
from mojplin.domain.linking.access import documents_at, places_of, rows_of_documents_at
from mojplin.domain.linking.models import Link
from mojplin.foundation.prepared import rows, update
from tests.cast import PortalTestCase


def links_at(points, name):
    return Link.objects.filter(supply_point_id__in=points, name=name).order_by("pk").values_list("pk", "created_at")


def issued_since(asked):
    number, since = asked
    return (
        Document.objects.filter(number=number, issued_on__gte=since).order_by("pk").values_list("number", "issued_on")
    )


def numbers_of(documents, _payer_ids):
    return documents.order_by("number").values_list("number", "amount_eur", "issued_on")


class Prepared(PortalTestCase):
    def setUp(self):
        self.given_cast()

    def test_each_call_has_its_own_numbers(self):
        mine, first, second = (point.pk for point in (self.anas_house, *self.bojans_points))
        for points in ((mine, first), (first, second), (second, mine), (first, first)):
            for name in ("Dom", "Apartma 1"):
                assert [tuple(row) for row in rows(links_at, points, name)] == list(links_at(points, name))

    def test_days_and_texts_are_filled_in_like_numbers(self):
        self.given_document(self.anas_payer, self.anas_house, "26-1", issued_on=date(2026, 1, 31))
        self.given_document(self.anas_payer, self.anas_house, "26-2", issued_on=date(2026, 2, 28))
        for asked in (("26-1", date(2026, 1, 1)), ("26-2", date(2026, 1, 1)), ("26-1", date(2026, 2, 1))):
            assert [tuple(row) for row in rows(issued_since, asked)] == list(issued_since(asked))

    def test_values_come_as_the_models_give_them(self):
        self.given_document(self.anas_payer, self.anas_house, "26-1", amount_eur="12.30")
        places = places_of(self.ana.user.pk)
        found = [tuple(row) for row in rows_of_documents_at(places, numbers_of)]
        assert found == list(numbers_of(documents_at(places), []))
        assert [type(value) for value in found[0]] == [type(value) for value in numbers_of(documents_at(places), [])[0]]

    def test_an_update_reaches_exactly_the_rows_that_have_all_of_the_values(self):
        for number in ("26-1", "26-2"):
            self.given_document(self.anas_payer, self.anas_house, number)
        for name in ("Prej", "Potem"):
            update(Document, {"payer_id": self.anas_payer.pk, "number": "26-1"}, external_number=name)
            with CaptureQueriesContext(connection) as captured:  # another way through the driver
                update(Document, {"payer_id": self.bojans_firm.pk, "number": "26-2"}, external_number=name)
            assert len(captured) == 1
            assert dict(Document.objects.values_list("number", "external_number")) == {"26-1": name, "26-2": "ZD-26-2"}

    def test_one_user_never_gets_the_rows_of_another(self):
        for number, (payer, point) in enumerate(
            [(self.anas_payer, self.anas_house), (self.bojans_firm, self.bojans_points[0])]
        ):
            self.given_document(payer, point, f"26-{number}")
        seen = [
            [row[0] for row in rows_of_documents_at(places_of(customer.user.pk), numbers_of)]
            for customer in (self.ana, self.bojan, self.cilka, self.ana)
        ]
        assert seen == [["26-0"], ["26-1"], [], ["26-0"]]
