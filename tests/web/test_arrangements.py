"""Arranging how invoices come and are paid: recorded, told to the ERP, confirmed by mail, with its state in sight."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pikepdf
import time_machine
from django.test import override_settings

from mojplin.domain.billing.arrangements import ask_for_invoices
from mojplin.domain.billing.models import PayerRequest, RequestAnswer
from mojplin.domain.linking.models import Link
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.domain.own_data.of_billing import requests
from mojplin.foundation.outbox.models import Message
from tests.arranged import IBAN
from tests.cast import PortalTestCase, moment
from tests.mailbox import mails_to

ROOT = "/racuni-in-placevanje/"
NOW = moment(2026, 11, 26)


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


class ArrangingCase(PortalTestCase):
    def setUp(self):
        clock = time_machine.travel(NOW, tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()

    def asks(self, page, who=None, **fields):
        return (who or self.ana).sends(f"{ROOT}{page}", {key: value for key, value in fields.items() if value != ""})

    def told(self, topic="erp.request.made"):
        return Message.objects.filter(topic=topic).latest("pk").payload

    def answered(self, state="accepted", note="Velja od 1. 12. 2026."):
        newest = PayerRequest.objects.latest("pk")
        RequestAnswer.objects.create(number=newest.number, state=state, answered_on=date(2026, 11, 27), note=note)


class HowInvoicesCome(ArrangingCase):
    def test_by_email_it_is_recorded_told_and_confirmed(self):
        page = text_of(self.ana.follows(self.asks("racuni/", way="invoices_by_email", email="racuni@example.si")))
        made = PayerRequest.objects.get()
        assert made.number == f"Z-2026-{made.pk:06d}" and made.number in page and "Poslano, čaka na odgovor" in page
        told = self.told()
        assert (told["kind"], told["payer"], told["email"]) == ("invoices_by_email", "20418837", "racuni@example.si")
        assert (told["iban"], told["number"]) == ("", made.number)
        assert "racuni@example.si" in mails_to("ana@example.si")[0].text

    def test_in_the_first_hour_of_a_year_it_has_a_number_of_that_year(self):
        new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # in Ljubljana it is half past midnight
        made = ask_for_invoices(
            way="invoices_on_paper", email="", iban="", bic="", payer_id=self.anas_payer.pk, by=self.ana.user,
            now=new_year,
        )  # fmt: skip
        assert made.number == f"Z-2027-{made.pk:06d}" and self.told()["number"] == made.number

    def test_into_the_bank_the_account_is_checked_kept_encrypted_and_told_whole(self):
        self.asks("racuni/", way="invoices_by_e_bank", iban="si56 0201 7001 4356 205", bic="ljbasi2x")
        made = PayerRequest.objects.get()
        assert (made.iban, made.iban_last4, made.bic) == (IBAN, "6205", "LJBASI2X")
        assert IBAN not in made.iban_encrypted
        assert (self.told()["iban"], self.told()["bic"], self.told()["email"]) == (IBAN, "LJBASI2X", "")

    def test_a_wrong_account_is_said_beside_its_field_and_what_was_typed_stays(self):
        for iban, bic, sentence in (
            ("SI56020170014356208", "", "Ta IBAN ni pravilen."),
            ("", "", "Vpišite IBAN svojega bančnega računa."),
            ("X" * 60, "", "Ta IBAN ni pravilen."),
            ("ＳＩ56020170014356205", "", "Ta IBAN ni pravilen."),
            ("BR1500000000000010932840814P2", "", "Računa v tej državi tu ni mogoče uporabiti."),
            (IBAN, "LJBA", "Ta BIC ni pravilen."),
            (IBAN, "COBADEFF", "Ta BIC je od banke v drugi državi"),
        ):
            page = text_of(self.asks("racuni/", way="invoices_by_e_bank", iban=iban, bic=bic))
            assert sentence in page, (iban, bic)
            assert not iban.isascii() or f'value="{iban}"' in page or not iban
        page = text_of(self.asks("racuni/", way="invoices_by_email", email="ni naslov"))
        assert "To ni e-poštni naslov." in page and 'value="ni naslov"' in page
        assert "Vpišite e-poštni naslov" in text_of(self.asks("racuni/", way="invoices_by_email"))
        assert not PayerRequest.objects.exists() and not Message.objects.exists()

    def test_odd_input_is_refused_without_harm(self):
        for odd in ("\ud800", "\x00", "A" * 5000, "1e400"):
            response = self.ana.browser.post(
                f"{ROOT}racuni/", {"way": "invoices_by_e_bank", "iban": odd.encode(errors="surrogatepass"), "bic": ""}
            )
            assert response.status_code in (200, 400)
        assert self.asks("racuni/", way="by_pigeon").status_code == 200
        assert not PayerRequest.objects.exists()

    def test_a_newer_request_takes_the_place_of_the_earlier_one(self):
        self.asks("racuni/", way="invoices_by_email", email="racuni@example.si")
        self.asks("racuni/", way="invoices_on_paper")
        assert list(PayerRequest.objects.order_by("pk").values_list("ended_because", flat=True)) == ["replaced", ""]
        page = text_of(self.ana.opens(ROOT))
        assert "Prejšnje vloge" in page and "Nadomeščeno" in page

    def test_sent_twice_it_is_asked_once(self):
        fields = {"way": "invoices_on_paper", "form_key": "k" * 22}
        assert self.ana.sends(f"{ROOT}racuni/", fields).url == self.ana.sends(f"{ROOT}racuni/", fields).url
        assert PayerRequest.objects.count() == 1

    def test_what_the_supplier_answers_is_read(self):
        self.asks("racuni/", way="invoices_on_paper")
        self.answered()
        page = text_of(self.ana.opens(ROOT))
        assert "Velja" in page and "Velja od 1. 12. 2026." in page
        RequestAnswer.objects.update(state="refused", note="Naslov ni znan.")
        assert "Zavrnjeno" in text_of(self.ana.opens(ROOT))

    def test_a_waiting_request_is_taken_back_an_answered_one_is_not(self):
        self.asks("racuni/", way="invoices_on_paper")
        path = f"{ROOT}{PayerRequest.objects.get().public_id}/"
        assert "Umaknjeno" in text_of(self.ana.follows(self.ana.presses(path)))
        assert self.told("erp.request.withdrawn")["number"] == PayerRequest.objects.get().number
        self.asks("racuni/", way="invoices_on_paper")
        self.answered()
        late = self.ana.presses(f"{ROOT}{PayerRequest.objects.latest('pk').public_id}/")
        assert "Na to vlogo smo že odgovorili" in text_of(late)
        assert Message.objects.filter(topic="erp.request.withdrawn").count() == 1


class DirectDebit(ArrangingCase):
    def gives(self, **fields):
        return self.asks("trajnik/", **({"holder": "Ana Novak", "iban": IBAN, "agreed": "on"} | fields))

    def test_the_mandate_is_given_told_and_kept_as_pdf(self):
        page = text_of(self.ana.follows(self.gives()))
        made = PayerRequest.objects.get()
        assert "… 6205" in page and IBAN not in page
        assert (self.told()["kind"], self.told()["iban"], self.told()["holder"]) == ("direct_debit", IBAN, "Ana Novak")
        answer = self.ana.opens(f"{ROOT}{made.public_id}/soglasje/")
        assert answer["Content-Type"] == "application/pdf" and made.number in answer["Content-Disposition"]
        assert len(pikepdf.open(io.BytesIO(b"".join(answer.streaming_content))).pages) == 1

    def test_without_consent_nothing_is_given(self):
        assert "Brez vašega soglasja" in text_of(self.gives(agreed=""))
        both = text_of(self.gives(agreed="", iban=""))
        assert "Brez vašega soglasja" in both and "Vpišite IBAN svojega bančnega računa." in both
        assert not PayerRequest.objects.exists()

    def test_it_is_revoked_at_once_and_once(self):
        self.gives()
        path = f"{ROOT}trajnik/"
        assert "Preklic direktne obremenitve" in text_of(self.ana.follows(self.ana.sends(path, {"revoke": "1"})))
        self.ana.sends(path, {"revoke": "1"}, status=302)
        assert list(PayerRequest.objects.order_by("pk").values_list("kind", flat=True)) == [
            "direct_debit", "no_direct_debit"
        ]  # fmt: skip
        assert self.told()["kind"] == "no_direct_debit"
        assert "Prekličite soglasje" not in text_of(self.ana.opens(path))

    def test_a_supplier_without_an_identifier_offers_none(self):
        with override_settings(DIRECT_DEBIT_CREDITOR_ID=""):
            self.ana.opens(f"{ROOT}trajnik/", status=404)
            assert "Direktna obremenitev" not in text_of(self.ana.opens(ROOT))

    def test_a_request_that_is_no_mandate_has_no_pdf(self):
        self.asks("racuni/", way="invoices_on_paper")
        self.ana.opens(f"{ROOT}{PayerRequest.objects.get().public_id}/soglasje/", status=404)


class Instalments(ArrangingCase):
    def setUp(self):
        super().setUp()
        self.given_document(
            self.anas_payer, self.anas_house, "26-1", amount_eur="200.01", open_eur=Decimal("200.01"),
            due_on=date(2026, 11, 1),
        )  # fmt: skip
        self.given_document(
            self.anas_payer, self.anas_house, "26-2", kind="credit_note", amount_eur="50.00", open_eur=Decimal("50.00")
        )

    def test_what_the_rules_allow_is_proposed_asked_for_and_told(self):
        page = text_of(self.ana.opens(f"{ROOT}obroki/"))
        assert "150,01 €" in page and "5 obrokov" in page and "6 obrokov" not in page
        assert "30,01 €" in text_of(self.ana.follows(self.asks("obroki/", count="5")))
        told = self.told()
        assert (told["amount_eur"], told["kind"]) == ("150.01", "instalments")
        assert told["instalments"][:2] == [["2026-12-10", "30.01"], ["2027-01-10", "30.00"]]

    def test_what_is_not_proposed_cannot_be_asked_for(self):
        for count in ("6", "1", "-1", "0", "1e3", "", "999999999999999999999"):
            assert self.asks("obroki/", count=count).status_code == 200
        assert not PayerRequest.objects.exists()

    def test_a_small_balance_is_not_shared_out(self):
        assert "Obroki so mogoči od zneska 100 €" in text_of(self.bojan.opens(f"{ROOT}obroki/"))


class Answers(ArrangingCase):
    def told(self, now=NOW):
        with override_settings(READING_REMINDERS=False):
            tell_everyone(now)
        return [mail for mail in reversed(mails_to("ana@example.si")) if mail.subject.startswith("Vloga")]

    def test_each_is_told_by_mail_once_and_again_when_it_changes(self):
        self.asks("racuni/", way="invoices_by_email", email="racuni@example.si")
        assert self.told() == []
        self.answered("refused", "Naslov ne sprejema pošte.")
        for _time in range(2):
            (refused,) = self.told()
        number = PayerRequest.objects.get().number
        assert refused.subject == f"Vloga {number}: zavrnjena"
        assert "racuni@example.si" in refused.text and "Razlog: Naslov ne sprejema pošte." in refused.text
        RequestAnswer.objects.update(state="accepted", note="Velja od 1. 12. 2026.")
        accepted = self.told()[1]
        assert accepted.subject == f"Vloga {number}: sprejeta" and "Velja od 1. 12. 2026." in accepted.text
        assert number in text_of(self.ana.opens("/profil/sporocila/poslana/"))

    def test_an_old_one_is_no_news_nor_one_of_a_request_that_ended_or_of_a_payer_that_is_gone(self):
        self.asks("racuni/", way="invoices_by_email", email="racuni@example.si")
        self.answered()
        assert self.told(NOW + timedelta(days=32)) == []
        PayerRequest.objects.update(ended_at=NOW, ended_because="replaced")
        assert self.told() == []
        PayerRequest.objects.update(ended_at=None, ended_because="")
        Link.objects.filter(user=self.ana.user).update(ended_at=NOW)
        assert self.told() == []


class Budget(ArrangingCase):
    def test_the_number_of_statements_is_fixed(self):
        for way in ("invoices_on_paper", "invoices_by_email") * 3:
            self.asks("racuni/", way=way, email="racuni@example.si")
        made = PayerRequest.objects.latest("pk")
        for page, statements in (("", 5), ("racuni/", 4), ("trajnik/", 6), ("obroki/", 6), (f"{made.public_id}/", 4)):
            with self.subTest(page), self.assertNumQueries(statements):
                self.ana.opens(f"{ROOT}{page}")


class OthersThings(ArrangingCase):
    def test_whoever_linked_by_numbers_alone_waits_and_strangers_find_nothing(self):
        self.asks("racuni/", way="invoices_on_paper")
        made = PayerRequest.objects.get()
        self.bojan.opens(f"{ROOT}{made.public_id}/", status=404)
        self.bojan.opens(ROOT, place=self.anas_house.public_id, status=404)
        Link.objects.filter(user=self.ana.user).update(probation_until=moment(2026, 11, 27))
        for page in ("", "racuni/", "trajnik/", "obroki/", f"{made.public_id}/"):
            self.ana.opens(f"{ROOT}{page}", status=404)

    def test_what_was_arranged_is_in_the_copy_of_ones_data(self):
        self.asks("trajnik/", holder="Ana Novak", iban=IBAN, agreed="on")
        (row,) = requests(self.ana.user, [])
        assert (row["iban"], row["kind"], row["state"]) == (IBAN, "direct_debit", "sent")
