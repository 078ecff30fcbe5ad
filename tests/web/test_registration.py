"""Registration: the address, the mailed link, then username, password and consent."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from mojplin.domain.accounts.consent import current_terms
from mojplin.domain.accounts.models import Acceptors, Registration, TermsAcceptance, User
from mojplin.domain.accounts.publishing import publish_first_terms, publish_terms
from mojplin.domain.linking.models import Invitation
from mojplin.foundation.formats import masked_email
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, Visitor, moment
from tests.mailbox import link_in, mails_to

AT_TEN = moment(2026, 11, 23, 10)
GOOD = {"username": "Neža.K", "password": "konj pipa zid oblak", "terms": "on", "terms_version": "1"}
BAD_EMAILS = [
    "", "neza", "@example.si", "a@b", "a@@example.si", "a b@example.si", '"a b"@example.si', "a@exa mple.si",
    "a\r\nBcc: b@example.si", "a@example.si,b@example.si", "a..b@example.si", "č@example.si", "a@-example.si",
    "a@example.123", "a" * 65 + "@example.si", "a@" + "b" * 250 + ".si", "a@" + ".".join("b" * 60 for _ in "12345"),
]  # fmt: skip
CYRILLIC_E = "\u0435"
BAD_USERNAMES = [
    "", "ab", "a" * 31, "neža😀", "нежа", "neza k", "neza@example.si", ".neza", "neza-", "ne_za",
    "ne\u202eza", "<b>neza</b>", f"n{CYRILLIC_E}ža",
]  # fmt: skip
BAD_PASSWORDS = {
    "kratko12345": "vsaj 12 znakov",
    "": "vsaj 12 znakov",
    "x" * 257: "predolgo",
    "qwertyuiop123": "ukradenimi",
    "to je neza.k danes": "vašega imena",
    "moj butan plin dom": "imena portala",
    "MojButanPlin1": "imena portala",
    "Slovenija1991!": "prelahko uganiti",
    "geslo-geslo-2026": "prelahko uganiti",
    "123456789012": "ukradenimi",
    "aaaaaaaaaaaaaa": "ukradenimi",
}


def address(name: str, *args: str, language: str = "sl") -> str:
    with translation.override(language):
        return reverse(f"web:{name}", args=args)


class RegistrationTest(PortalTestCase):
    def setUp(self) -> None:
        self.clock = time_machine.travel(AT_TEN, tick=False)
        self.traveller = self.clock.start()
        self.addCleanup(self.clock.stop)
        publish_first_terms(today=AT_TEN.date(), now=AT_TEN)
        self.neza = Visitor()

    def asks(self, email: str = "Neza@Example.si"):
        return self.neza.sends(address("register"), {"email": email})

    def link(self) -> str:
        self.asks()
        return link_in(self.neza.reads_mail("neza@example.si"))

    def test_from_the_address_to_the_sign_in_page(self):
        sent = self.neza.follows(self.asks())
        self.assertContains(sent, "Preverite e-pošto")
        self.assertContains(
            sent, "Sporočilo pošiljamo na Neza@Example.si."
        )  # a slip is seen here, not in vain waited for
        link = link_in(self.neza.reads_mail("neza@example.si"))
        page = self.neza.opens(link)
        self.assertContains(page, "različica 1 z dne 23.")

        done = self.neza.follows(self.neza.sends(link, GOOD, status=302))

        self.assertContains(done, "Registracija je končana")
        user = User.objects.get()
        self.assertEqual((user.username, user.email, user.language), ("Neža.K", "neza@example.si", "sl"))
        self.assertTrue(user.check_password(GOOD["password"]))
        evidence = TermsAcceptance.objects.get(user=user)
        self.assertEqual(evidence.text_hash, current_terms(today=AT_TEN.date()).text_hash)
        self.assertRegex(
            evidence.label, r"^Strinjam se s splošnimi pogoji portala, različica 1 z dne 23\.\s11\.\s2026\.$"
        )

    def signs_in_first(self, page) -> str:
        """Sign in on the page the registration ended with; return where that leads."""
        shown = re.search(r'name="next" value="([^"]*)"', page.content.decode())
        known = {"identifier": "neza@example.si", "password": GOOD["password"], "next": shown[1] if shown else ""}
        self.neza.sends(address("sign_in"), known, status=302)
        to_sign_in = next(mail for mail in mails_to("neza@example.si") if mail.subject.startswith("Potrdite prijavo"))
        return self.neza.presses(link_in(to_sign_in))["Location"]

    def test_whoever_was_invited_comes_from_the_mail_over_registration_to_the_invitation(self):
        payer = self.given_payer()
        point = self.given_supply_point(payer)
        ana = Customer("Ana")
        self.given_link(ana, payer, point)
        form = {"email": "neza@example.si", "role": "see", "last_on": ""}
        ana.sends(address("sharing", point.public_id), form, status=302)

        html = self.neza.opens(link_in(self.neza.reads_mail("neza@example.si"))).content.decode()
        register = re.search(r'href="([^"]*\?invitation=[^"]*)"', html)[1]
        page = self.neza.opens(register)
        self.assertContains(page, masked_email("neza@example.si"))
        self.assertNotContains(page, "neza@example.si")
        self.neza.sends(register, {"email": "neza@example.si"}, status=302)
        link = link_in(self.neza.reads_mail("neza@example.si"))
        end = self.neza.follows(Visitor().sends(link, GOOD, status=302))

        invited = address("invited", Invitation.objects.get().public_id)
        self.assertEqual(self.signs_in_first(end), invited)
        self.assertContains(self.neza.opens(invited), "Ob potoku 14")

    def test_a_made_up_invitation_fills_in_nothing(self):
        for token in ("x", "a" * 64, ""):
            page = self.neza.opens(f"{address('register')}?invitation={token}").content.decode()
            field = re.search(r'<input[^>]*id="id_email"[^>]*>', page)[0]
            self.assertIn('name="email"', field)
            self.assertNotIn("value", field)

    def test_looking_at_the_link_changes_nothing_and_it_works_once(self):
        link = self.link()
        for _look in range(20):
            self.neza.opens(link)
            self.neza.browser.head(link)
        self.assertFalse(User.objects.exists())
        self.neza.sends(link, GOOD, status=302)
        self.neza.opens(link, status=410)
        self.neza.sends(link, GOOD | {"username": "Druga"}, status=410)
        self.assertEqual(User.objects.count(), 1)

    def test_a_double_click_makes_one_user(self):
        link = self.link()
        answers = [self.neza.sends(link, GOOD | {"form_key": "same"}) for _click in range(2)]
        self.assertEqual([answer["Location"] for answer in answers], [address("sign_in")] * 2)
        self.assertEqual(User.objects.count(), 1)

    def test_the_link_is_good_for_a_day(self):
        link = self.link()
        self.traveller.shift(timedelta(hours=23, minutes=59))
        self.neza.opens(link)
        self.traveller.shift(timedelta(minutes=2))
        self.assertContains(self.neza.opens(link, status=410), "Povezava ne velja več", status_code=410)
        self.neza.opens(address("register_finish", "x" * 64), status=410)

    def test_who_is_registered_gets_a_mail_that_says_so_and_the_page_is_the_same(self):
        Customer("Ana", signed_in=False)
        known, unknown = self.asks("ANA@example.si"), self.asks("neza@example.si")
        self.assertEqual((known.status_code, known["Location"]), (unknown.status_code, unknown["Location"]))
        letter = self.neza.reads_mail("ana@example.si")
        self.assertIn("Že ste registrirani", letter.subject)
        self.assertEqual(link_in(letter), address("sign_in"))
        self.assertEqual(Registration.objects.count(), 1)

    def test_an_address_gets_three_mails_an_hour_and_the_page_does_not_tell(self):
        answers = [self.asks().status_code for _time in range(5)]
        self.assertEqual(answers, [302] * 5)
        self.assertEqual(len(mails_to("neza@example.si")), 3)

    def test_a_network_that_asks_too_often_must_wait(self):
        for n in range(20):
            self.asks(f"neza{n}@example.si")
        self.assertContains(self.asks("neza20@example.si"), "Iz vašega omrežja")

    def test_neither_table_nor_outbox_holds_the_link(self):
        link = self.link()
        token = link.rstrip("/").rpartition("/")[2]
        self.assertEqual(len(token), 64)
        self.assertNotIn(token, repr([list(Registration.objects.values()), list(Message.objects.values())]))

    def test_bad_addresses_are_refused_in_words(self):
        for email in BAD_EMAILS:
            with self.subTest(email=email):
                page = self.asks(email)
                self.assertIn(page.status_code, (200,))
                self.assertContains(page, "aria-invalid")
        self.assertFalse(Message.objects.exists())

    def test_an_international_domain_is_kept_in_its_ascii_form(self):
        self.asks("Neza@Žaba.si")
        self.assertEqual(Registration.objects.get().email, "neza@xn--aba-b3a.si")

    def test_bad_usernames_are_refused_and_the_link_stays_good(self):
        link = self.link()
        for username in BAD_USERNAMES:
            with self.subTest(username=username):
                page = self.neza.sends(link, GOOD | {"username": username}, status=200)
                self.assertContains(page, "aria-invalid")
        self.neza.sends(link, GOOD | {"username": "Ｎｅｚａ"}, status=302)
        self.assertEqual(User.objects.get().username, "Neza")

    def test_a_taken_or_reserved_name_is_refused_and_nobody_reads_the_list_of_users(self):
        Customer("Ana", signed_in=False)
        link = self.link()
        for username in ("ana", "ANA", "Podpora"):
            self.assertContains(self.neza.sends(link, GOOD | {"username": username}), "To ime je zasedeno.")
        for _try in range(8):
            self.neza.sends(link, GOOD | {"username": "ana"})
        self.assertContains(self.neza.sends(link, GOOD | {"username": "ana"}), "preveč uporabniških imen")

    def test_bad_passwords_are_refused_each_with_its_reason(self):
        link = self.link()
        for password, reason in BAD_PASSWORDS.items():
            with self.subTest(password=password):
                page = self.neza.sends(link, GOOD | {"password": password}, status=200)
                self.assertContains(page, reason)
        self.assertFalse(User.objects.exists())

    def test_everything_that_is_wrong_is_said_at_once(self):
        page = self.neza.sends(self.link(), {"username": "a", "password": "thisisapassword", "terms_version": "1"})
        for text in ("Popravite 3 podatke", "3–30 črk", "ukradenimi gesli", "morate strinjati s pogoji"):
            self.assertContains(page, text)
        self.assertNotContains(page, "thisisapassword")

    def test_without_consent_or_with_consent_to_another_version_there_is_no_user(self):
        link = self.link()
        for fields in ({"terms": ""}, {"terms_version": ""}, {"terms_version": "0"}, {"terms_version": "x"}):
            with self.subTest(fields=fields):
                page = self.neza.sends(link, GOOD | fields, status=200)
                self.assertContains(page, "Za uporabo se morate strinjati s pogoji (različica 1")
        tomorrow = AT_TEN + timedelta(hours=20)
        publish_terms(
            version=2,
            texts=("Novo", "New"),
            summaries=("Vse.", "Everything."),
            effective_on=tomorrow.date(),
            acceptors=Acceptors.NEW_USERS,
            today=AT_TEN.date(),
            now=AT_TEN,
        )
        self.traveller.move_to(tomorrow)
        self.assertContains(self.neza.sends(link, GOOD, status=200), "(različica 2")
        self.neza.sends(link, GOOD | {"terms_version": "2"}, status=302)

    def test_the_address_became_a_users_meanwhile(self):
        first, second = self.link(), self.link()
        self.neza.sends(first, GOOD, status=302)
        page = self.neza.sends(second, GOOD | {"username": "Druga"}, status=200)
        self.assertContains(page, "Povezava ne velja več")

    def test_a_signed_in_user_has_nothing_to_register(self):
        self.assertEqual(Customer("Ana").opens(address("register"), status=302)["Location"], address("home"))


@pytest.mark.django_db
def test_in_english_from_page_to_mail_to_user():
    publish_first_terms(today=AT_TEN.date(), now=AT_TEN)
    visitor = Visitor()
    visitor.sends(address("register", language="en"), {"email": "neza@example.com"}, status=302)
    letter = visitor.reads_mail("neza@example.com")
    assert letter.subject == "Confirm your e-mail address"
    link = link_in(letter)
    assert link.startswith("/en/register/")
    assert link in letter.html
    assert "I agree to the" in visitor.opens(link).content.decode()
    visitor.sends(link, GOOD, status=302)
    assert User.objects.get().language == "en"
    assert TermsAcceptance.objects.get().language == "en"
