"""Why a bill is different: the page beside the invoice, to the cent, and only for whom the invoice is."""

from datetime import date
from decimal import Decimal

import time_machine

from tests.cast import PortalTestCase, moment

STATEMENTS = 11


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


@time_machine.travel(moment(2026, 11, 26))
class WhyIsThisBillDifferent(PortalTestCase):
    def setUp(self):
        self.given_cast()
        value = 4000
        self.bills = {}
        for month, used, basis, price in [
            (date(2025, 10, 1), 50, "customer_reported", "2"), (date(2026, 9, 1), 20, "customer_reported", "2"),
            (date(2026, 10, 1), 60, "customer_reported", "2.5"),
        ]:  # fmt: skip
            self.bills[month] = self.given_bill(month, value, used, basis, price)
            value += used
        self.october = self.bills[date(2026, 10, 1)]
        self.page = f"/racuni/{self.october.public_id}/zakaj/"

    def given_bill(self, month, value, used, basis, price):
        number = f"{month:%y-OGR-%m}"
        reading = self.given_billed(
            self.anas_meter, self.anas_payer, month=month, value_from_m3=str(value), value_to_m3=str(value + used),
            basis=basis, document_number=number,
        )  # fmt: skip
        net = Decimal(price) * used
        document = self.given_document(
            self.anas_payer, self.anas_house, number, amount_eur=str((net + 10) * Decimal("1.22")),
            issued_on=date(2026, 11, 12), period_from=reading.period_from, period_to=reading.period_to,
        )  # fmt: skip
        document.lines.create(
            position=1, description="Plin", quantity=used, unit="m3", unit_price_eur=price, net_eur=net, vat_percent=22
        )
        document.lines.create(
            position=2, description="Najem", quantity=1, unit="mesec", unit_price_eur=10, net_eur=10, vat_percent=22
        )
        return document

    def test_it_is_put_beside_the_same_month_a_year_before_and_told_to_the_cent(self):
        assert "Zakaj je ta račun drugačen?" in text_of(self.ana.opens(f"/racuni/{self.october.public_id}/"))
        html = text_of(self.ana.opens(self.page))
        assert "Ta račun je za 61,00 € višji od računa za obdobje od 1. 10. do 31. 10. 2025." in html
        assert "3,05 € za kubični meter namesto 2,44 €" in html
        assert "+36,60 €" in html and "+24,40 €" in html, "0,61 € more for 60 m3; 10 m3 more at the old price"
        assert "Vreme" not in html.split("<table")[1], "the same days in the same weather"

    def test_the_bill_before_can_be_chosen(self):
        html = text_of(self.ana.opens(self.page, **{"with": "previous"}))
        assert "od računa za obdobje od 1. 9. do 30. 9. 2026" in html and "Vreme" in html.split("<table")[1]
        assert "1. 10. do 31. 10. 2025" in text_of(self.ana.opens(self.page, **{"with": "x"}))

    def test_the_first_bill_has_nothing_beside_it(self):
        first = self.bills[date(2025, 10, 1)]
        assert "Ni še s čim primerjati" in text_of(self.ana.opens(f"/racuni/{first.public_id}/zakaj/"))

    def test_an_estimate_that_is_not_read_yet_says_so(self):
        estimated = self.given_bill(date(2026, 11, 1), 4130, 40, "flat_rate", "2.5")
        html = text_of(self.ana.opens(f"/racuni/{estimated.public_id}/zakaj/"))
        assert "Vsi ti dnevi še niso odčitani" in html

    def test_nobody_else_learns_of_the_bill(self):
        self.bojan.opens(self.page, status=404)
        self.cilka.opens(self.page, status=404)

    def test_the_number_of_statements_is_fixed(self):
        self.ana.opens(self.page)
        with self.assertNumQueries(STATEMENTS):
            self.ana.opens(self.page)
