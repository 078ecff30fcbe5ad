"""The office sees the price lists as the export brought them: what holds, what held, what will hold."""

from datetime import date
from decimal import Decimal

import time_machine

from mojplin.domain.contracts.models import Price
from mojplin.domain.orders.models import Article
from tests.cast import Customer, PortalTestCase, moment


@time_machine.travel(moment(2026, 11, 26), tick=False)
class PriceLists(PortalTestCase):
    def test_each_line_says_whether_it_holds_today(self):
        rado = Customer("Rado", role="reader")
        self.assertContains(rado.opens("/urad/objave/ceniki/"), "še ni prinesel cen", count=2)
        for day, price in ((date(2026, 1, 1), "2.10"), (date(2026, 11, 26), "2.34"), (date(2026, 12, 1), "2.5512")):
            line = {"product": "propane", "unit": "m3", "price_eur": Decimal(price), "kwh_per_unit": Decimal("25.9")}
            Price.objects.create(valid_from=day, **line)
            Article.objects.create(
                number="J10", kind="cylinder", name="Jeklenka 10 kg", valid_from=day, price_eur=Decimal(price),
                vat_percent=Decimal(22),
            )  # fmt: skip
        page = rado.opens("/urad/objave/ceniki/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
        for told, count in (("Velja<", 2), ("Še ne velja", 2), ("2,34 €", 2), ("2,5512 €/m³", 1), ("1. 12. 2026", 2)):
            self.assertEqual(page.count(told), count, told)
        self.assertContains(rado.opens("/urad/objave/"), 'href="/urad/objave/ceniki/"')
