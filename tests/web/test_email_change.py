"""Changing the e-mail address: both mailboxes agree, the old one can undo it, nobody learns who else is registered."""

import re
from datetime import timedelta

import time_machine

from mojplin.domain.accounts.models import AccessEvent, EmailChange, PendingLogin, Session, User
from mojplin.foundation.idempotency import FormKey
from mojplin.foundation.outbox.models import Message
from tests.cast import PASSWORD, Customer, PortalTestCase, Visitor, moment
from tests.mailbox import link_in, mails_to
from tests.web.sign_in_case import address, is_in

AT_TEN = moment(2026, 11, 23, 10)
OLD, NEW = "ana@example.si", "ana.novak@example.com"
YES = {"certain": "on"}


def without_chance(page, address_typed: str = "") -> str:
    text = re.sub(r'(name="(?:form_key|csrfmiddlewaretoken)" value=")[^"]*', r"\1", page.content.decode())
    return text.replace(address_typed, "")


class EmailChangeCase(PortalTestCase):
    def setUp(self) -> None:
        self.clock = time_machine.travel(AT_TEN, tick=False)
        self.traveller = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.ana = Customer("Ana")
        self.cilka = Customer("Cilka")
        self.phone = Visitor()

    def later(self, **how_long: int) -> None:
        self.traveller.shift(timedelta(**how_long))

    def asks(self, email: str = NEW, who: Customer | None = None, **more: str):
        return (who or self.ana).sends(address("change_email"), {"email": email} | more)

    def links(self) -> tuple[str, str]:
        """Ask for the change and return the links of the old and of the new mailbox."""
        assert self.asks().status_code == 302
        return link_in(mails_to(OLD)[0]), link_in(mails_to(NEW)[0])

    def agrees(self, link: str):
        return self.phone.follows(self.phone.sends(link, YES, status=302))

    def changed(self) -> str:
        """Change the address and return the link that undoes it."""
        for link in self.links():
            self.agrees(link)
        return link_in(mails_to(OLD)[0])

    def email(self) -> str:
        return User.objects.get(username="Ana").email


class ChangeOfAddress(EmailChangeCase):
    def test_both_mailboxes_agree_and_the_address_changes(self):
        page = self.ana.follows(self.asks("Ana.Novak@Example.com"))
        self.assertContains(page, "Čakamo na oba poštna predala")
        self.assertContains(page, NEW)
        old, new = link_in(mails_to(OLD)[0]), link_in(mails_to(NEW)[0])
        self.assertContains(self.phone.opens(old), "Spremenimo vaš e-naslov?")
        self.assertContains(self.phone.opens(new), "Je to vaš novi e-naslov?")

        self.assertContains(self.agrees(new), "v prejšnjem poštnem predalu")
        self.assertEqual(self.email(), OLD)
        self.assertEqual(self.ana.opens(address("change_email")).content.decode().count("opravljeno"), 1)
        self.assertContains(self.agrees(old), "E-naslov je spremenjen")

        self.assertEqual(self.email(), NEW)
        self.assertContains(self.phone.opens(new), "E-naslov je spremenjen")
        events = AccessEvent.objects.filter(whose=self.ana.user).values_list("what", "about")
        self.assertEqual(
            list(events.order_by("pk")),
            [("email_change_asked", "an•••••@example.com"), ("email_changed", "an•••••@example.com")],
        )

    def test_every_way_in_ends_with_it(self):
        Visitor().sends(address("sign_in"), {"identifier": "ana", "password": PASSWORD}, status=302)
        self.changed()
        self.assertFalse(is_in(self.ana))
        self.assertFalse(Session.objects.filter(user=self.ana.user).exists())
        self.assertEqual(PendingLogin.objects.get().state, "dead")
        self.assertTrue(is_in(self.cilka))

    def test_one_signs_in_with_the_new_address_and_not_with_the_old_one(self):
        self.changed()
        self.assertEqual(
            self.phone.sends(address("sign_in"), {"identifier": NEW, "password": PASSWORD}).status_code, 302
        )
        self.assertContains(
            Visitor().sends(address("sign_in"), {"identifier": OLD, "password": PASSWORD}), "se ne ujemata"
        )

    def test_looking_and_pressing_without_a_tick_change_nothing(self):
        links = self.links()
        before = list(EmailChange.objects.values())
        for link in links:
            for _look in range(20):
                self.phone.browser.get(link, headers={"sec-purpose": "prefetch"})
                self.phone.browser.head(link)
            self.assertContains(self.phone.presses(link), "Označite polje")
        self.assertEqual(list(EmailChange.objects.values()), before)

    def test_an_address_of_another_account_looks_the_same_and_that_account_is_told(self):
        free, taken = Customer("Free"), Customer("Taken")
        pages = []
        for who, email in ((free, "nobody@example.com"), (taken, "cilka@example.si")):
            answer = self.asks(email, who)
            page = without_chance(who.follows(answer), email).replace(who.user.username, "")
            pages.append((answer.status_code, answer["Location"], page.replace("fr•••••", "ta•••••")))
        self.assertEqual(pages[0], pages[1])
        letter = self.cilka.reads_mail("cilka@example.si")
        self.assertEqual(letter.subject, "Vaš e-naslov je že v uporabi")
        self.assertEqual(link_in(letter), address("sign_in"))
        old = link_in(mails_to("taken@example.si")[0])
        self.assertContains(self.agrees(old), "v novem poštnem predalu")

    def test_an_address_that_was_taken_meanwhile_changes_nothing(self):
        old, new = self.links()
        self.agrees(old)
        Customer("Druga", email=NEW, signed_in=False)
        page = self.phone.sends(new, YES, status=409)
        self.assertContains(page, "E-naslova ni mogoče spremeniti", status_code=409)
        self.assertEqual(self.email(), OLD)
        self.assertEqual(EmailChange.objects.get().state, "cancelled")

    def test_the_old_mailbox_stops_it_and_whoever_asked_is_signed_out(self):
        old, new = self.links()
        stop = old.replace("/potrdi/", "/ustavi/")
        self.assertContains(self.phone.opens(old), stop)
        self.assertContains(self.phone.presses(stop), "Označite polje")
        page = self.phone.follows(self.phone.sends(stop, YES, status=302))
        self.assertContains(page, "Sprememba je ustavljena")
        self.assertContains(page, address("forgot_password"))
        self.assertFalse(is_in(self.ana))
        self.phone.sends(new, YES, status=410)
        self.assertEqual(self.email(), OLD)

    def test_the_new_mailbox_can_neither_stop_nor_undo(self):
        _old, new = self.links()
        for instead in ("/ustavi/", "/preklici/"):
            self.phone.sends(new.replace("/potrdi/", instead), YES, status=410)
        self.assertEqual(EmailChange.objects.get().state, "waiting")

    def test_the_links_hold_for_a_day(self):
        old, new = self.links()
        self.later(hours=23, minutes=59)
        self.agrees(old)
        self.later(minutes=2)
        self.assertContains(self.phone.opens(new, status=410), "Povezava ne velja več", status_code=410)
        self.phone.sends(new, YES, status=410)
        self.phone.opens(old, status=410)
        self.assertEqual(self.email(), OLD)

    def test_a_newer_change_ends_the_one_before_and_it_can_be_cancelled(self):
        old, new = self.links()
        self.asks("druga@example.com")
        for link in (old, new):
            self.phone.sends(link, YES, status=410)
        link = link_in(mails_to("druga@example.com")[0])
        page = self.ana.follows(self.ana.sends(address("change_email"), {"cancel": "1"}, status=302))
        self.assertContains(page, "Sprememba je preklicana")
        self.phone.opens(link, status=410)

    def test_a_double_click_is_one_change(self):
        for _click in range(2):
            self.asks(form_key="same")
        self.assertEqual(EmailChange.objects.count(), 1)
        self.assertEqual(len(mails_to(NEW)), 1)

    def test_what_is_no_other_address_is_refused_in_words(self):
        for email, reason in {"": "v obliki", "ana@": "v obliki", "ANA@example.si": "ki ga imate zdaj"}.items():
            with self.subTest(email=email):
                self.assertContains(self.asks(email), reason)
        self.assertFalse(Message.objects.exists())

    def test_an_address_gets_three_mails_in_an_hour_and_a_person_has_five_tries(self):
        for _time in range(3):
            self.assertEqual(self.asks().status_code, 302)
            mails_to(NEW)
        self.assertContains(self.asks(), "prevečkrat")
        self.assertEqual(len(mails_to(NEW)), 3)
        for other in ("druga@example.com", "tretja@example.com"):
            self.assertEqual(self.asks(other).status_code, 302)
        self.assertContains(self.asks("cetrta@example.com"), "prevečkrat")
        self.assertContains(self.asks(NEW, self.cilka), "prevečkrat")

    def test_no_table_holds_a_link(self):
        links = [*self.links()]
        for link in links:
            self.agrees(link)
        links.append(link_in(mails_to(OLD)[0]))
        self.agrees(links[-1])
        kept = repr([list(model.objects.values()) for model in (EmailChange, Message, FormKey)])
        for link in links:
            token = link.rstrip("/").rpartition("/")[2]
            self.assertEqual(len(token), 64)
            self.assertNotIn(token, kept)

    def test_strangers_see_and_change_nothing(self):
        self.links()
        page = self.cilka.opens(address("change_email"))
        self.assertNotContains(page, NEW)
        self.cilka.sends(address("change_email"), {"cancel": "1"}, status=302)
        self.assertEqual(EmailChange.objects.get().state, "waiting")
        for name in ("confirm_email", "stop_email_change", "undo_email_change"):
            self.cilka.sends(address(name, "x" * 64), YES, status=410)
        self.assertIn(address("sign_in"), Visitor().sends(address("change_email"), status=302)["Location"])

    def test_who_has_lost_the_old_mailbox_reads_whom_to_call(self):
        page = self.ana.opens(address("change_email"))
        self.assertContains(page, "Do sedanjega poštnega predala nimate več dostopa?")
        self.assertContains(page, 'href="tel:')


class UndoneChange(EmailChangeCase):
    def test_the_old_mailbox_undoes_it_within_three_days(self):
        undo = self.changed()
        self.later(hours=71, minutes=59)
        self.ana.is_signed_in()
        self.assertContains(self.phone.opens(undo), "Prekličite spremembo naslova")
        self.assertContains(self.phone.presses(undo), "Označite polje")
        self.assertEqual(self.email(), NEW)

        page = self.phone.follows(self.phone.sends(undo, YES, status=302))

        self.assertContains(page, "Sprememba je preklicana")
        self.assertEqual(self.email(), OLD)
        self.assertFalse(is_in(self.ana))
        self.assertEqual(mails_to(NEW)[0].subject, "Sprememba e-naslova je preklicana")
        self.assertTrue(AccessEvent.objects.filter(what="email_change_undone").exists())
        self.assertContains(self.phone.sends(undo, YES), "Sprememba je preklicana")

    def test_after_three_days_it_stays(self):
        undo = self.changed()
        self.later(hours=72, minutes=1)
        self.phone.sends(undo, YES, status=410)
        self.assertEqual(self.email(), NEW)

    def test_it_holds_over_a_second_change_and_ends_that_ones_link(self):
        undo_first = self.changed()
        self.later(hours=1)
        self.ana.is_signed_in()
        self.asks("tretja@example.com")
        for link in (link_in(mails_to(NEW)[0]), link_in(mails_to("tretja@example.com")[0])):
            self.agrees(link)
        undo_second = link_in(mails_to(NEW)[0])
        self.phone.sends(undo_first, YES, status=302)
        self.assertEqual(self.email(), OLD)
        self.assertContains(self.phone.sends(undo_second, YES), "Sprememba je preklicana")
        self.assertEqual(self.email(), OLD)

    def test_a_new_password_does_not_take_the_way_back_away(self):
        undo = self.changed()
        self.ana.is_signed_in()
        fields = {"current_password": PASSWORD, "password": "megla sablja oreh vitez"}
        self.ana.sends(address("change_password"), fields, status=302)
        self.phone.sends(undo, YES, status=302)
        self.assertEqual(self.email(), OLD)

    def test_when_the_old_address_is_anothers_by_now_the_office_helps(self):
        undo = self.changed()
        Customer("Druga", email=OLD, signed_in=False)
        self.assertContains(self.phone.sends(undo, YES, status=409), "Pokličite nas", status_code=409)
        self.assertEqual(self.email(), NEW)
        self.assertEqual(EmailChange.objects.get().state, "done")

    def test_in_english_from_form_to_undo(self):
        User.objects.filter(pk=self.ana.user.pk).update(language="en")
        undo = self.changed()
        self.assertTrue(undo.startswith("/en/email/undo/"))
        self.assertEqual(mails_to(OLD)[0].subject, "Your e-mail address has been changed")
        self.assertContains(self.phone.opens(undo), "Undo the change of the address")
