"""Direct debit: what the supplier collects itself is told with its day, and asks nobody to pay it a second time."""

import re
from datetime import date, timedelta
from decimal import Decimal

import time_machine
from django.test import override_settings

from mojplin.domain.billing.arrangements import ask_for_direct_debit, revoke_direct_debit
from mojplin.domain.billing.models import Document, PayerRequest, RequestAnswer
from mojplin.domain.linking.models import Link, Role
from mojplin.domain.notifications.models import SentNotice
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.domain.supply.models import FeedRun
from tests.cast import Customer, PortalTestCase, moment
from tests.mailbox import mails_to

NOW = moment(2026, 11, 26)
BALANCE, PAY = "/odprto-stanje/", "/odprto-stanje/placilo/"
ARRANGED, DEBIT = "/racuni-in-placevanje/", "/racuni-in-placevanje/trajnik/"
TOLD = "Poravnali ga bomo z direktno obremenitvijo v ponedeljek, 30. novembra."


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode().replace("\u00a0", " "))


class Collected(PortalTestCase):
    def setUp(self):
        self.clock = self.enterContext(time_machine.travel(NOW, tick=False))
        self.given_cast()
        self.collected = self.given_bill("26-1", collected_on=date(2026, 11, 30))
        self.address = f"/racuni/{self.collected.public_id}/"

    def given_bill(self, number, **more):
        fields = {
            "open_eur": Decimal("136.84"), "issued_on": date(2026, 11, 13), "due_on": date(2026, 11, 30),
            "payee_iban": "SI56020170014356205", "reference": "SI0026104417",
        }  # fmt: skip
        return self.given_document(self.anas_payer, self.anas_house, number, **fields | more)

    def days_pass_to(self, now):
        self.clock.move_to(now)
        self.ana.is_signed_in()

    def shows_the_slip_at_once(self):
        html = text_of(self.ana.opens(self.address))
        return "upn-qr.svg" in html and "Vseeno pokažite" not in html and TOLD not in html

    def test_the_page_says_when_it_is_collected_and_keeps_the_slip_behind_a_word(self):
        html = text_of(self.ana.opens(self.address))
        assert TOLD in html and "Direktna obremenitev" in html and "Neplačano" not in html
        at, summary = html.index("upn-qr.svg"), html.index("Vseeno pokažite podatke za plačilo")
        assert html.rindex("<details", 0, at) < summary < at and "plačano dvakrat" in html
        english = text_of(self.ana.opens(f"/en/documents/{self.collected.public_id}/"))
        assert "We collect it by direct debit on Monday, 30 November." in english

    def test_what_did_not_come_in_time_is_asked_for_as_any_other(self):
        self.days_pass_to(moment(2026, 12, 5))
        assert "smo poslali banki v ponedeljek, 30. novembra" in text_of(self.ana.opens(self.address))
        self.days_pass_to(moment(2026, 12, 6))
        assert self.shows_the_slip_at_once() and "Zapadlo" in text_of(self.ana.opens(self.address))

    def test_a_mandate_that_was_refused_changes_nothing_and_a_revoked_one_ends_it(self):
        asked = {"payer_id": self.anas_payer.pk, "by": self.ana.user, "now": NOW}
        account = {"holder": "Ana Novak", "iban": "SI56020170014356205", "bic": "", "agreed": True}
        other = self.given_bill("26-2")
        refused = ask_for_direct_debit(**account, **asked)
        RequestAnswer.objects.create(number=refused.number, state="refused", answered_on=NOW.date())
        assert "Vseeno pokažite" not in text_of(self.ana.opens(f"/racuni/{other.public_id}/"))
        assert TOLD in text_of(self.ana.opens(self.address))
        revoke_direct_debit(**asked)
        assert self.shows_the_slip_at_once()
        later = self.given_bill("26-3", issued_on=date(2026, 11, 27), collected_on=date(2026, 11, 30))
        assert TOLD in text_of(self.ana.opens(f"/racuni/{later.public_id}/"))  # the ERP issued it knowing of the end

    def test_of_several_it_is_not_chosen_and_its_code_comes_only_when_asked_for(self):
        other = self.given_bill("26-2")
        html = text_of(self.ana.opens(BALANCE))
        assert re.search(f'value="{other.public_id}" data-euros="136.84" checked', html)
        assert re.search(f'value="{self.collected.public_id}" data-euros="136.84" >', html)
        both = {"d": [self.collected.public_id, other.public_id]}
        html = text_of(self.ana.opens(PAY, **both))
        assert "Plačilo 1 dokumenta" in html and "Koda 1 od 1" in html and f"{self.address}upn-qr" not in html
        assert "Te dokumente bomo poravnali z direktno obremenitvijo" in html
        anyway = re.search(r'href="([^"]+)">Vseeno pokažite', html)[1].replace("&amp;", "&")
        html = text_of(self.ana.opens(anyway))
        assert "Koda 1 od 2" in html and "anyway=1&amp;step=2" in html
        alone = text_of(self.ana.opens(PAY, d=self.collected.public_id))
        assert "<h1>Plačano bo z direktno obremenitvijo</h1>" in alone and "upn-qr" not in alone

    def test_the_list_and_the_home_page_do_not_ask_to_pay_it(self):
        assert "Poglejte, kako plačati" not in (home := text_of(self.ana.opens("/"))) and TOLD in home
        for state in ("collecting", "unpaid"):
            assert "26-1" in text_of(self.ana.opens("/racuni/", state=state))
        self.days_pass_to(moment(2026, 12, 3))
        assert "26-1</a>" not in text_of(self.ana.opens("/racuni/", state="overdue"))

    def test_the_new_bills_mail_says_it_and_no_mail_reminds_of_it_until_it_failed(self):
        Link.objects.update(created_at=moment(2026, 1, 1))
        FeedRun.objects.create(folder="f", started_at=NOW, made_at=NOW, state="taken_in")
        for now in (NOW + timedelta(days=days) for days in range(20)):
            FeedRun.objects.update(made_at=now)
            with override_settings(READING_REMINDERS=False):
                tell_everyone(now)
            if now <= moment(2026, 12, 5):
                (new,) = mails_to("ana@example.si")
                assert "direktno obremenitvijo 30. 11. 2026" in new.text.replace("\u00a0", " ")
        assert [mail.subject for mail in mails_to("ana@example.si")] == ["1 račun je zapadel", "Nov račun 26-1"]

    def revokes(self):
        return text_of(self.ana.follows(self.ana.sends(DEBIT, {"revoke": "1"})))

    def test_a_mandate_given_on_paper_is_seen_and_revoked_where_one_of_the_portal_is(self):
        for page in (ARRANGED, DEBIT):
            html = text_of(self.ana.opens(page))
            assert "ki ste ga dali zunaj portala" in html and "26-1, dan obremenitve: 30. novembra 2026" in html
        html = self.revokes()
        assert "Te račune plačajte sami" in html and self.address in html and "136,84 €" in html
        html = text_of(self.ana.opens(ARRANGED))
        assert self.address in html and "zunaj portala" not in html

    def test_without_a_bill_collected_lately_nothing_is_said_of_a_mandate_and_nothing_is_revoked(self):
        Document.objects.update(collected_on=date(2026, 10, 21))
        assert "zunaj portala" not in text_of(self.ana.opens(ARRANGED))
        self.ana.sends(DEBIT, {"revoke": "1"})
        assert not PayerRequest.objects.exists()

    def test_what_a_revoked_mandate_leaves_is_told_once_to_whoever_may_pay(self):
        Link.objects.update(created_at=moment(2026, 1, 1))
        jure = Customer("Jure")
        self.given_share(jure, Link.objects.get(user=self.ana.user), Role.PAY)
        FeedRun.objects.create(folder="f", started_at=NOW, made_at=NOW, state="taken_in")
        self.given_bill("26-2", open_eur=Decimal(0))
        self.revokes()
        with override_settings(READING_REMINDERS=False):
            for hours in (0, 1, 24):
                tell_everyone(NOW + timedelta(hours=hours))
        for address in ("ana@example.si", "jure@example.si"):
            (told,) = [mail for mail in mails_to(address) if mail.subject == "Sami plačajte 1 račun"]
            assert "26-1" in told.text and "26-2" not in told.text

    def test_who_was_told_that_it_is_no_longer_collected_is_reminded_of_it_later(self):
        Link.objects.update(created_at=moment(2026, 1, 1))
        FeedRun.objects.create(folder="f", started_at=NOW, made_at=NOW, state="taken_in")
        Document.objects.update(issued_on=date(2026, 10, 30), due_on=date(2026, 11, 29))
        self.revokes()
        told = []
        for days in range(4):
            FeedRun.objects.update(made_at=NOW + timedelta(days=days))
            with override_settings(READING_REMINDERS=False):
                tell_everyone(NOW + timedelta(days=days))
            told.append(SentNotice.objects.order_by("pk").values_list("topic", flat=True).last())
        assert told == ["pay_by_hand"] * 3 + ["document_due"]

    def test_a_day_that_the_supplier_takes_back_is_gone(self):
        Document.objects.update(collected_on=None)
        assert self.shows_the_slip_at_once()
