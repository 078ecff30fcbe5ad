"""Who forgot a password or a username: one answer for everybody, a mail for whom it concerns, a second thing asked."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.conf import settings
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mojplin.domain.accounts.models import AccessEvent, EmailChange, PasswordReset, PendingLogin, Session, User
from mojplin.domain.accounts.recovery_codes import make_recovery_codes
from mojplin.domain.accounts.recovery_mails import forget_old_recoveries
from mojplin.domain.accounts.sign_in import Visit
from mojplin.foundation.mail import DemoMail
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from tests.cast import PASSWORD, Customer, PortalTestCase, Visitor, moment
from tests.mailbox import link_in, mails_to
from tests.web.sign_in_case import address, is_in

AT_TEN = moment(2026, 11, 23, 10)
LAPTOP = Visit(ip=None, device="Chrome, Linux")
NEW = "megla sablja oreh vitez"
ANAS_NUMBER = "20418837"


def without_chance(page) -> str:
    return re.sub(r'(name="(?:form_key|csrfmiddlewaretoken)" value=")[^"]*', r"\1", page.content.decode())


class RecoveryCase(PortalTestCase):
    def setUp(self) -> None:
        self.clock = time_machine.travel(AT_TEN, tick=False)
        self.traveller = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.given_cast()
        self.neza = Visitor()

    def later(self, **how_long: int) -> None:
        self.traveller.shift(timedelta(**how_long))

    def asks(self, identifier: str = "Ana@Example.si", visitor: Visitor | None = None, **more):
        return (visitor or self.neza).sends(address("forgot_password"), {"identifier": identifier} | more)

    def link(self, to: str = "ana@example.si", identifier: str = "") -> str:
        drain()  # what has no end is delivered after what has one, as a link
        self.asks(identifier or to)
        return link_in(self.neza.reads_mail(to))

    def sets(self, link: str, *, proof: str = ANAS_NUMBER, password: str = NEW, status: int | None = None):
        return self.neza.sends(link, {"proof": proof, "password": password}, status=status)


class ForgottenPassword(RecoveryCase):
    def test_from_the_sign_in_page_to_a_new_password(self):
        self.assertContains(self.neza.opens(address("sign_in")), address("forgot_password"))
        self.assertContains(self.neza.follows(self.asks()), "Preverite e-pošto")
        letter = self.neza.reads_mail("ana@example.si")
        self.assertEqual(letter.subject, "Izberite novo geslo")
        link = link_in(letter)
        self.assertContains(self.neza.opens(link), "Številka plačnika")

        page = self.neza.follows(self.sets(link, status=302))

        self.assertContains(page, "Novo geslo je nastavljeno")
        self.assertTrue(User.objects.get(username="Ana").check_password(NEW))
        self.assertIn("Vaše geslo je spremenjeno", self.neza.reads_mail("ana@example.si").subject)
        self.assertTrue(AccessEvent.objects.filter(whose=self.ana.user, what="password_reset").exists())

    def test_it_signs_nobody_in_and_everybody_out(self):
        link = self.link()
        self.assertTrue(is_in(self.ana))
        Visitor().sends(address("sign_in"), {"identifier": "ana", "password": PASSWORD}, status=302)
        self.sets(link, status=302)
        self.assertFalse(is_in(self.ana))
        self.assertFalse(is_in(self.neza))
        self.assertNotIn(settings.SESSION_COOKIE_NAME, self.neza.browser.cookies)
        self.assertFalse(Session.objects.filter(user=self.ana.user).exists())
        self.assertEqual(PendingLogin.objects.get().state, "dead")

    def test_who_typed_too_many_wrong_passwords_need_not_wait_after_the_new_one(self):
        for _try in range(5):
            self.neza.sends(address("sign_in"), {"identifier": "ana", "password": "napačno geslo"})
        self.sets(self.link(), status=302)
        self.neza.sends(address("sign_in"), {"identifier": "ana", "password": NEW}, status=302)

    def test_the_username_will_do(self):
        self.assertIn("/pozabljeno-geslo/", self.link(identifier="ANA"))

    def test_known_and_unknown_are_answered_alike_byte_for_byte_after_the_same_work(self):
        answers = []
        for identifier in ("ana@example.si", "nobody@example.si", "ana", "nobody", "not an address @", "x" * 5000):
            visitor = Visitor()
            visitor.opens(address("forgot_password"))
            with CaptureQueriesContext(
                connection,
            ) as statements:
                answer = self.asks(identifier, visitor)
            kinds = [re.sub(r"'[^']*'|%s|\d+", "?", each["sql"])[:60] for each in statements.captured_queries]
            page = visitor.follows(answer)
            answers.append((answer.status_code, answer["Location"], without_chance(page), tuple(kinds)))
        self.assertEqual(len({each[:3] for each in answers}), 1)
        self.assertEqual(len({each[3] for each in answers}), 1)

    def test_an_address_that_is_nobodys_is_told_so_three_times_an_hour(self):
        for _time in range(5):
            self.asks("nobody@example.si")
        letters = mails_to("nobody@example.si")
        self.assertEqual(len(letters), 3)
        self.assertIn("Uporabniškega računa s tem naslovom ni", letters[0].subject)
        self.assertFalse(PasswordReset.objects.exists())

    def test_a_username_that_is_nobodys_and_a_blocked_account_get_nothing(self):
        User.objects.filter(username="Bojan").update(is_active=False)
        self.asks("nobody")
        self.asks("bojan")
        drain()  # what has no end is delivered after what has one, as a link
        self.assertFalse(DemoMail.objects.exists())

    def test_an_account_gets_five_links_an_hour_and_fifteen_a_day(self):
        for _hour in range(4):
            for each in ("ana", "ana@example.si") * 4:
                self.assertEqual(self.asks(each, Visitor()).status_code, 302)
            drain()
            self.later(minutes=61)
        self.assertEqual(DemoMail.objects.filter(to="ana@example.si").count(), 15)

    def test_a_network_that_asks_too_often_must_wait(self):
        for n in range(20):
            self.asks(f"nobody{n}")
        self.assertContains(self.asks("ana"), "Iz vašega omrežja")

    def test_looking_changes_nothing(self):
        link = self.link()
        before = list(PasswordReset.objects.values()), list(User.objects.values())
        for _look in range(50):
            self.neza.browser.get(link, headers={"sec-purpose": "prefetch"})
            self.neza.browser.head(link)
            self.neza.browser.options(link)
        self.assertEqual(before, (list(PasswordReset.objects.values()), list(User.objects.values())))
        self.sets(link, status=302)

    def test_the_mailbox_alone_is_not_enough(self):
        link = self.link()
        for proof in ("", "20418838", "' OR 1=1 --", "00000000"):
            with self.subTest(proof=proof):
                self.assertContains(self.sets(link, proof=proof, status=200), "aria-invalid")
        self.assertTrue(User.objects.get(username="Ana").check_password(PASSWORD))

    def test_a_number_of_another_payer_or_of_an_ended_link_is_not_right(self):
        link = self.link()
        self.assertContains(self.sets(link, proof=self.bojans_firm.number), "To ni prav")
        self.ana.user.links.update(ended_at=AT_TEN)
        page = self.neza.opens(link)
        self.assertContains(page, "Pomagali vam bomo osebno")

    def test_the_number_may_be_typed_with_spaces_and_full_width_digits(self):
        self.sets(self.link(), proof=" ２0418 837 ", status=302)

    def test_five_wrong_numbers_end_it_for_the_day_over_all_links_and_the_right_one_does_not_help(self):
        first, second = self.link(), self.link()
        for n in range(5):
            self.assertContains(self.sets((first, second)[n % 2], proof=f"2041000{n}"), "To ni prav")
        page = self.sets(first)
        self.assertContains(page, "Poskusite znova jutri")
        self.assertContains(self.sets(second), "Poskusite znova jutri")
        self.later(hours=24)
        self.sets(self.link(), status=302)

    def test_ten_wrong_numbers_end_it_for_the_week(self):
        for _day in range(2):
            link = self.link()
            for n in range(5):
                self.sets(link, proof=f"2041000{n}")
            self.later(hours=24)
        self.assertContains(self.sets(self.link()), "Poskusite znova jutri")

    def test_a_bad_password_is_refused_as_in_registration_and_costs_no_try(self):
        link = self.link()
        for password in ("kratko", "ana123", "geslo geslo geslo", "x" * 257, "Butanplin2026!", "") * 2:
            with self.subTest(password=password):
                self.assertContains(self.sets(link, password=password, status=200), "aria-invalid")
        self.sets(link, status=302)

    def test_the_link_works_once_and_the_page_says_that_it_was_used(self):
        link = self.link()
        self.sets(link, status=302)
        self.assertContains(self.neza.opens(link, status=410), "Geslo je že nastavljeno", status_code=410)
        self.sets(link, password="drugo geslo pri vodi", status=410)
        self.assertTrue(User.objects.get(username="Ana").check_password(NEW))

    def test_a_double_click_is_one_change_with_one_answer(self):
        link = self.link()
        fields = {"proof": ANAS_NUMBER, "password": NEW, "form_key": "same"}
        answers = [self.neza.sends(link, fields)["Location"] for _click in range(2)]
        self.assertEqual(answers, [address("sign_in")] * 2)
        self.assertEqual(AccessEvent.objects.filter(what="password_reset").count(), 1)

    def test_with_one_link_used_the_others_are_dead(self):
        first, second = self.link(), self.link()
        self.sets(second, status=302)
        self.assertContains(self.neza.opens(first, status=410), "Povezava ne velja več", status_code=410)

    def test_the_link_is_good_for_half_an_hour_and_an_old_one_looks_like_one_that_never_was(self):
        link = self.link()
        self.later(minutes=29)
        self.neza.opens(link)
        self.later(minutes=2)
        old = self.neza.opens(link, status=410)
        self.sets(link, status=410)
        never = self.neza.opens(address("reset_password", "x" * 64), status=410)
        token = link.rstrip("/").rpartition("/")[2]
        self.assertEqual(without_chance(old).replace(token, "x" * 64), without_chance(never))

    def test_an_account_without_any_link_is_helped_by_the_office(self):
        link = self.link("cilka@example.si")
        page = self.neza.opens(link)
        self.assertContains(page, "Pomagali vam bomo osebno")
        self.assertContains(page, 'href="tel:')
        self.assertContains(self.sets(link, proof="20418837"), "Pomagali vam bomo osebno")
        self.assertTrue(User.objects.get(username="Cilka").check_password(PASSWORD))

    def test_a_recovery_code_does_instead_of_the_number_once(self):
        codes = make_recovery_codes(user=self.cilka.user, visit=LAPTOP, now=AT_TEN)
        link = self.link("cilka@example.si")
        self.assertIn("obnovitvenih kod", self.neza.reads_mail("cilka@example.si").text)
        self.assertContains(self.neza.opens(link), "Obnovitvena koda")
        self.assertContains(self.sets(link, proof="AAAA-BBBB-CCCC"), "To ni prav")
        self.sets(link, proof=codes[3].lower().replace("-", " "), status=302)
        events = AccessEvent.objects.filter(whose=self.cilka.user).values_list("what", flat=True)
        self.assertEqual(list(events.order_by("pk"))[1:], ["recovery_code_used", "password_reset"])
        self.assertContains(self.sets(self.link("cilka@example.si"), proof=codes[3]), "To ni prav")

    def test_a_code_is_not_used_up_by_a_bad_password_or_a_used_link(self):
        code = make_recovery_codes(user=self.ana.user, visit=LAPTOP, now=AT_TEN)[0]
        first, second = self.link(), self.link()
        self.assertContains(self.neza.opens(first), "Številka plačnika ali obnovitvena koda")
        self.sets(first, proof=code, password="kratko", status=200)
        self.sets(second, status=302)
        self.sets(first, proof=code, status=410)
        self.sets(self.link(), proof=code, password="drugo geslo pri vodnjaku", status=302)

    def test_a_waiting_change_of_address_ends_and_a_new_one_waits_a_day(self):
        link = self.link()
        self.ana.sends(address("change_email"), {"email": "nova@example.si"}, status=302)
        self.sets(link, status=302)
        self.assertEqual(EmailChange.objects.get().state, "cancelled")
        self.ana.is_signed_in()
        page = self.ana.sends(address("change_email"), {"email": "nova@example.si"}, status=200)
        self.assertContains(page, "lahko e-naslov spremenite od 24.")
        self.later(hours=24, minutes=1)
        self.ana.is_signed_in()
        self.ana.sends(address("change_email"), {"email": "nova@example.si"}, status=302)

    def test_no_table_holds_the_link_or_what_was_typed(self):
        self.asks("moje skrivno geslo 123")
        link = self.link()
        token = link.rstrip("/").rpartition("/")[2]
        self.assertEqual(len(token), 64)
        kept = repr([list(model.objects.values()) for model in (PasswordReset, Message)])
        self.assertNotIn(token, kept)
        self.assertNotIn("skrivno", kept)

    def test_a_signed_in_neighbour_opens_the_link_and_stays_who_they_are(self):
        link = self.link()
        self.assertContains(self.cilka.opens(link), "Za uporabniško ime Ana")
        self.cilka.sends(link, {"proof": ANAS_NUMBER, "password": NEW}, status=302)
        self.assertTrue(is_in(self.cilka))
        self.assertTrue(User.objects.get(username="Cilka").check_password(PASSWORD))

    def test_what_is_over_is_forgotten(self):
        self.link()
        forget_old_recoveries(AT_TEN + timedelta(days=4))
        self.assertEqual(PasswordReset.objects.count(), 1)
        forget_old_recoveries(AT_TEN + timedelta(days=6))
        self.assertEqual(PasswordReset.objects.count(), 0)


class ForgottenUsername(RecoveryCase):
    def asks_for_name(self, email: str, visitor: Visitor | None = None):
        return (visitor or self.neza).sends(address("forgot_username"), {"email": email})

    def test_the_username_comes_by_mail_and_the_page_says_it_is_not_needed(self):
        self.assertContains(self.neza.opens(address("forgot_username")), "prijavite se lahko tudi z e-naslovom")
        self.assertContains(self.neza.follows(self.asks_for_name("ANA@example.si")), "Preverite e-pošto")
        letter = self.neza.reads_mail("ana@example.si")
        self.assertIn("vaše uporabniško ime v portalu Moj Butan plin je Ana.", letter.text)
        self.assertTrue(AccessEvent.objects.filter(whose=self.ana.user, what="username_sent").exists())

    def test_known_and_unknown_are_answered_alike(self):
        pages = []
        for email in ("ana@example.si", "nobody@example.si"):
            visitor = Visitor()
            answer = self.asks_for_name(email, visitor)
            pages.append((answer.status_code, answer["Location"], without_chance(visitor.follows(answer))))
        self.assertEqual(pages[0], pages[1])
        self.assertIn("Uporabniškega računa", self.neza.reads_mail("nobody@example.si").subject)

    def test_what_is_no_address_is_said_so(self):
        self.assertContains(self.asks_for_name("ana"), "Vpišite e-naslov v obliki")

    def test_it_counts_together_with_links_for_passwords(self):
        for _time in range(4):
            self.asks_for_name("ana@example.si")
            self.asks("ana")
        self.assertEqual(len(mails_to("ana@example.si")), 5)


class Server(EmailBackend):
    """The far end of the network: a mail server that is away for a while."""

    faults: list[Exception] = []

    def send_messages(self, letters) -> int:
        if Server.faults:
            raise Server.faults.pop(0)
        return super().send_messages(letters)


@pytest.mark.django_db
def test_while_the_mail_server_is_away_nothing_is_lost_and_the_half_hour_counts_from_the_sending(settings, mailoutbox):
    settings.MAIL_GOES_TO_DEMO_MAILBOX = False
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    with time_machine.travel(AT_TEN, tick=False) as clock:
        Customer("Ana", signed_in=False)
        visitor = Visitor()
        Server.faults = [SMTPServerDisconnected("away"), TimeoutError(), TimeoutError()]
        visitor.sends(address("forgot_password"), {"identifier": "ana"}, status=302)
        for _try in range(4):
            drain()
            clock.shift(timedelta(minutes=5))
        assert [letter.to for letter in mailoutbox] == [["ana@example.si"]]
        assert PasswordReset.objects.count() == 1
        link = re.search(r"http://[^/]+(/\S+)", mailoutbox[0].body)[1]
        clock.shift(timedelta(minutes=19))
        visitor.opens(link)


@pytest.mark.django_db
def test_in_english_from_page_to_mail_to_page():
    ana = Customer("Ana", signed_in=False)
    User.objects.filter(pk=ana.user.pk).update(language="en")
    ana.sends(address("forgot_password", language="en"), {"identifier": "ana"}, status=302)
    letter = ana.reads_mail("ana@example.si")
    assert letter.subject == "Choose a new password"
    link = link_in(letter)
    assert link.startswith("/en/forgot-password/")
    assert "We will help you in person" in ana.opens(link).content.decode()
    ana.sends(address("forgot_password", language="en"), {"identifier": "nobody@example.com"}, status=302)
    assert ana.reads_mail("nobody@example.com").subject == "We have no account with this address"
