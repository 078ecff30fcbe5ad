"""The payment slip on a page: what it says beside the code, and the code for foreign banks where there is one."""

from datetime import date
from decimal import Decimal

from django.test import override_settings

from tests.cast import PortalTestCase


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


class SlipOnAPage(PortalTestCase):
    def setUp(self):
        self.given_cast()
        self.invoice = self.given_document(
            self.anas_payer, self.anas_house, "26-OGR-104417", open_eur=Decimal("136.84"), due_on=date(2026, 11, 30),
            payee_iban="SI56020170014356205", reference="SI0026104417", purpose="Račun 26-OGR-104417",
        )  # fmt: skip
        self.address = f"/racuni/{self.invoice.public_id}/"

    def test_words_that_stand_differently_on_the_payment_order_are_told(self):
        assert "zapisane drugače" not in text_of(self.ana.opens(self.address))
        self.anas_payer.name = "Øystein Ćosić, samostojni podjetnik, Mengeš"
        self.anas_payer.save()
        html = text_of(self.ana.opens(self.address))
        assert "zapisane drugače" in html
        assert "Oystein Ćosić, samostojni podjetn" in html

    def test_the_code_for_foreign_banks_is_there_only_by_the_suppliers_setting(self):
        code = f"{self.address}upn-qr.svg"
        assert "Koda za tuje banke" not in text_of(self.ana.opens(self.address))
        self.ana.opens(code, status=404, **{"for": "epc"})
        with override_settings(EPC_QR=True):
            assert "Koda za tuje banke" in text_of(self.ana.opens(self.address))
            foreign = self.ana.opens(code, **{"for": "epc"}).content
        assert foreign.startswith(b"<svg") and foreign != self.ana.opens(code).content

    def test_wrong_payment_data_leave_a_sentence_and_no_code(self):
        self.invoice.reference = "SI12123"
        self.invoice.save()
        assert "Podatkov za plačilo tega dokumenta trenutno ne moremo pokazati" in text_of(self.ana.opens(self.address))
        self.ana.opens(f"{self.address}upn-qr.svg", status=404)
        self.ana.opens(f"{self.address}upn-qr.png", status=404)
