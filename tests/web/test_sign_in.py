"""Sign-in: the password, the mail, the button; a session only in the browser that typed the password."""

import re

import pytest
from django.conf import settings
from django.utils import timezone

from mojplin.domain.accounts.models import AccessEvent, PendingLogin, Session, SignInToken, User
from mojplin.foundation.mail import DemoMail
from tests.cast import PASSWORD, Customer, Visitor
from tests.mailbox import link_in, mails_to
from tests.web.sign_in_case import SignInCase, address, is_in


class SignIn(SignInCase):
    # The way in

    def test_the_button_in_the_mail_signs_in_the_browser_that_typed_the_password(self):
        waiting = self.ana.follows(self.types_password(self.ana))
        self.assertContains(waiting, "an•••••@example.si")
        link = self.mailed_link()

        page = self.ana.opens(link)
        self.assertContains(page, "Potrdite prijavo")
        self.assertFalse(is_in(self.ana))

        self.assertEqual(self.ana.presses(link)["Location"], address("home"))
        self.assertTrue(is_in(self.ana))

    def test_by_e_mail_in_english_and_on_to_the_page_that_was_asked_for(self):
        asked = self.ana.opens("/en/profile/", status=302)
        self.assertIn("next=/en/profile/", asked["Location"])
        self.types_password(self.ana, identifier=" ANA@Example.si ", next="/en/profile/")
        self.assertEqual(self.ana.presses(self.mailed_link())["Location"], "/en/profile/")

    def test_the_phone_confirms_with_the_number_and_the_waiting_tab_goes_on_by_itself(self):
        self.types_password(self.ana)
        link, number = self.mailed_link(), self.number()
        state = address("waiting_state") + "?mail=sent&every=2"
        self.assertEqual(self.ana.browser.get(state).status_code, 204)
        self.assertContains(self.phone.opens(link), "Se prijavljate vi?")

        self.assertContains(self.phone.sends(link, {"number": number}), "Potrjeno")

        self.assertFalse(is_in(self.phone))
        self.assertEqual(self.ana.browser.get(state)["HX-Redirect"], address("waiting"))
        self.assertContains(self.ana.opens(address("waiting")), "Prijava je potrjena")
        done = self.ana.browser.post(address("finish"), headers={"HX-Request": "true"})
        self.assertEqual(done["HX-Redirect"], address("home"))
        self.assertTrue(is_in(self.ana))

    def test_without_scripts_the_button_of_the_waiting_tab_finishes(self):
        self.types_password(self.ana)
        self.assertContains(self.ana.presses(address("finish")), "Potrditve še ni")
        self.phone.sends(self.mailed_link(), {"number": self.number()})

        self.assertEqual(self.ana.presses(address("finish")).status_code, 302)
        self.assertTrue(is_in(self.ana))

    def test_the_code_typed_into_the_waiting_tab_signs_in(self):
        self.types_password(self.ana)
        code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", self.ana.reads_mail("ana@example.si").text)[0]
        wrong = self.ana.sends(address("enter_code"), {"code": "ZZZZ-ZZZZ"})
        self.assertContains(wrong, "Koda ni prava")

        self.ana.sends(address("enter_code"), {"code": code.lower().replace("-", " ")})

        self.assertTrue(is_in(self.ana))

    def test_five_wrong_codes_close_that_way_but_not_the_link(self):
        self.types_password(self.ana)
        for _try in range(5):
            self.ana.sends(address("enter_code"), {"code": "ZZZZ-ZZZZ"})
        code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", self.ana.reads_mail("ana@example.si").text)[0]
        self.assertContains(self.ana.sends(address("enter_code"), {"code": code}), "Poskusov s kodo je bilo preveč")
        self.ana.presses(self.mailed_link())
        self.assertTrue(is_in(self.ana))

    # What must not work

    def test_looking_fifty_times_changes_nothing(self):
        self.types_password(self.ana)
        link = self.mailed_link()
        before = list(PendingLogin.objects.values())
        for _look in range(17):
            self.phone.browser.get(link, headers={"Sec-Purpose": "prefetch"})
            self.phone.browser.head(link)
            self.phone.browser.options(link)
        self.assertEqual(list(PendingLogin.objects.values()), before)
        self.assertFalse(Session.objects.exists())

    def test_a_filter_that_presses_every_button_gets_nothing_and_the_person_gets_in(self):
        self.types_password(self.ana)
        link = self.mailed_link()
        self.phone.sends(link, {}, status=400)
        self.phone.opens(link.replace("potrdi", "zavrni"))
        self.assertContains(self.phone.sends(link.replace("potrdi", "zavrni")), "Označite polje")

        self.ana.presses(link)

        self.assertTrue(is_in(self.ana))
        self.assertEqual(Session.objects.count(), 1)
        self.assertEqual(PendingLogin.objects.get().wrong_numbers, 0)

    def test_the_link_of_an_attacker_signs_nobody_in(self):
        attacker, victim = Customer("Mallory", signed_in=False), Visitor()
        attacker.sends(address("sign_in"), {"identifier": "mallory", "password": PASSWORD})
        link = link_in(attacker.reads_mail("mallory@example.si"))
        self.types_password(victim)  # the victim's own sign-in is under way
        victim.sends(link, status=400)
        self.assertFalse(is_in(victim))
        self.assertFalse(Session.objects.exists())

    def test_three_wrong_numbers_end_the_sign_in_and_its_owner_is_told(self):
        self.types_password(self.ana)
        link, number = self.mailed_link(), self.number()
        wrong = "10" if number != "10" else "11"
        self.assertContains(self.phone.sends(link, {"number": wrong}), "To ni številka", status_code=400)
        self.phone.sends(link, {"number": wrong}, status=400)
        self.phone.sends(link, {"number": wrong}, status=410)
        self.phone.sends(link, {"number": number}, status=410)

        self.assertEqual(self.state(), "dead")
        self.assertEqual(AccessEvent.objects.get().what, "sign_in_stopped")
        self.assertIn("napačno številko", self.ana.reads_mail("ana@example.si").text)
        self.assertContains(self.ana.opens(address("waiting")), "Ta prijava je končana")

    def test_ten_minutes_count_from_when_the_mail_server_took_the_mail(self):
        self.types_password(self.ana)
        self.later(minutes=4)
        link = self.mailed_link()
        self.later(minutes=9, seconds=59)
        self.phone.opens(link)
        self.later(seconds=2)
        self.assertContains(self.ana.opens(link, status=410), "Pošljite novo", status_code=410)
        self.ana.presses(address("resend"))
        self.ana.presses(self.mailed_link())
        self.assertTrue(is_in(self.ana))

    def test_a_clock_that_jumps_back_or_on_lets_nobody_in_late(self):
        self.types_password(self.ana)
        link = self.mailed_link()
        self.later(hours=1)
        self.ana.opens(link, status=410)
        self.later(hours=-2)
        self.ana.opens(link, status=410)
        self.ana.presses(link)
        self.assertFalse(is_in(self.ana))

    def test_after_the_clock_was_set_back_one_gets_in_with_a_new_mail(self):
        self.types_password(self.ana)
        self.mailed_link()
        self.later(hours=-1)
        self.assertEqual(self.ana.presses(address("resend")).status_code, 302)
        self.ana.presses(self.mailed_link())
        self.assertTrue(is_in(self.ana))

    def test_the_first_mail_still_works_after_a_second_was_sent(self):
        self.types_password(self.ana)
        first = self.mailed_link()
        self.assertContains(self.ana.presses(address("resend")), "Sporočilo smo pravkar poslali")
        self.later(seconds=61)
        self.ana.presses(address("resend"))
        self.assertNotEqual(self.mailed_link(), first)
        self.later(seconds=121)
        self.ana.presses(address("resend"))
        self.assertContains(self.ana.presses(address("resend")), "tri sporočila")
        self.ana.presses(first)
        self.assertTrue(is_in(self.ana))

    def test_a_mail_that_could_not_be_sent_in_ten_minutes_is_never_sent(self):
        self.types_password(self.ana)
        self.assertContains(self.ana.opens(address("waiting")), "Sporočilo pošiljamo")
        self.later(minutes=11)
        self.assertEqual(mails_to("ana@example.si"), [])
        self.assertContains(self.ana.opens(address("waiting")), "Povezava je potekla")

    def test_a_new_password_ends_what_waits_for_the_button(self):
        self.types_password(self.ana)
        link = self.mailed_link()
        self.ana.user.set_password("drugo dolgo geslo tukaj")
        self.ana.user.save()
        self.ana.presses(link)
        self.assertFalse(is_in(self.ana))
        self.ana.opens(link, status=410)
        self.assertContains(self.ana.opens(address("waiting")), "Ta prijava je končana")

    def test_a_new_password_a_moment_after_the_confirmation_lets_nobody_in(self):
        self.types_password(self.ana)
        self.phone.sends(self.mailed_link(), {"number": self.number()}, status=200)
        self.ana.user.set_password("drugo dolgo geslo tukaj")
        self.ana.user.save()
        self.ana.presses(address("finish"))
        self.assertFalse(is_in(self.ana))
        self.assertEqual(self.state(), "dead")

    def test_another_address_or_a_block_ends_what_waits_as_well(self):
        for changed in ({"email": "druga@example.si"}, {"is_active": False}):
            with self.subTest(changed):
                self.types_password(self.ana)
                link = self.mailed_link()
                User.objects.filter(pk=self.ana.user.pk).update(**changed)
                self.ana.opens(link, status=410)
                self.assertContains(self.ana.opens(address("waiting")), "Ta prijava je končana")
                User.objects.filter(pk=self.ana.user.pk).update(email="ana@example.si", is_active=True)

    def test_who_is_signed_in_as_somebody_else_stays_so_and_is_told(self):
        cilka = Customer("Cilka")
        self.types_password(self.ana)
        link, number = self.mailed_link(), self.number()
        self.assertContains(cilka.opens(link), "prijavljen uporabnik Cilka")
        cilka.sends(link, {"number": number}, status=200)
        self.assertContains(cilka.opens(address("profile")), "Cilka")
        self.ana.presses(address("finish"))
        self.assertTrue(is_in(self.ana))

    def test_who_is_signed_in_as_somebody_else_where_ana_waits_is_told_and_may_change(self):
        cilka = Customer("Cilka")
        self.types_password(self.ana)
        link, number = self.mailed_link(), self.number()
        session = cilka.browser.cookies[settings.SESSION_COOKIE_NAME].value
        self.ana.browser.cookies[settings.SESSION_COOKIE_NAME] = session  # signed in in another tab meanwhile

        self.assertContains(self.ana.opens(address("waiting")), "Tukaj je prijavljen nekdo drug")
        self.assertContains(self.ana.opens(link), "prijavljen uporabnik Cilka")
        self.ana.sends(link, status=400)
        self.phone.sends(link, {"number": number}, status=200)
        told = self.ana.follows(self.ana.presses(address("finish")))
        self.assertContains(told, "Tukaj je prijavljen nekdo drug")
        self.assertContains(self.ana.opens(address("profile")), "Cilka")

        self.assertContains(self.ana.follows(self.ana.presses(address("sign_out"))), "Prijava je potrjena")
        self.ana.presses(address("finish"))
        self.assertContains(self.ana.opens(address("profile")), "Ana")

    def test_the_cookie_of_another_sign_in_finishes_nothing(self):
        self.types_password(self.ana)
        other = Visitor()
        self.types_password(other)
        other.browser.cookies[settings.SIGN_IN_COOKIE_NAME] = "forged"
        self.ana.reads_mail("ana@example.si")
        self.assertEqual(other.presses(address("finish"))["Location"], address("sign_in"))
        self.assertFalse(is_in(other))

    def test_not_me_ends_the_sign_in_and_all_its_links(self):
        self.types_password(self.ana)
        link = self.mailed_link()
        self.assertIn(link.replace("potrdi", "zavrni"), DemoMail.objects.get().text)
        page = self.phone.sends(link.replace("potrdi", "zavrni"), {"certain": "on"})
        self.assertContains(page, "Prijava je končana")
        self.assertEqual(self.state(), "denied")
        self.ana.opens(link, status=410)
        self.assertContains(self.ana.opens(address("waiting")), "Ta prijava je končana")

    # Twice and again

    def test_a_double_click_on_the_password_gives_one_waiting_tab_and_one_mail(self):
        first = self.types_password(self.ana, form_key="same")
        second = self.types_password(self.ana, form_key="same")
        self.assertEqual(
            first.cookies[settings.SIGN_IN_COOKIE_NAME].value, second.cookies[settings.SIGN_IN_COOKIE_NAME].value
        )
        self.assertEqual(PendingLogin.objects.count(), 1)
        self.ana.presses(self.mailed_link())
        self.assertEqual(SignInToken.objects.count(), 1)
        self.assertTrue(is_in(self.ana))

    def test_a_double_click_on_finish_gives_the_same_session(self):
        self.types_password(self.ana)
        secret = self.ana.browser.cookies[settings.SIGN_IN_COOKIE_NAME].value
        self.phone.sends(self.mailed_link(), {"number": self.number()})
        twin = Visitor()
        twin.browser.cookies[settings.SIGN_IN_COOKIE_NAME] = secret
        answers = [self.ana.presses(address("finish")), twin.presses(address("finish"))]
        cookies = {answer.cookies[settings.SESSION_COOKIE_NAME].value for answer in answers}
        self.assertEqual(len(cookies), 1)
        self.assertEqual(Session.objects.count(), 1)

        self.later(seconds=61)
        late = Visitor()
        late.browser.cookies[settings.SIGN_IN_COOKIE_NAME] = secret
        late.presses(address("finish"))
        self.assertFalse(is_in(late))

    def test_a_used_link_says_so_and_opens_nothing(self):
        self.types_password(self.ana)
        link = self.mailed_link()
        self.ana.presses(link)
        self.assertContains(self.phone.opens(link), "Že potrjeno")
        self.phone.presses(link)
        self.assertEqual(Session.objects.count(), 1)

    def test_a_fourth_sign_in_ends_the_oldest(self):
        visitors = [Visitor() for _each in range(4)]
        for visitor in visitors:
            self.types_password(visitor)
            self.later(seconds=1)
        states = PendingLogin.objects.order_by("pk").values_list("state", flat=True)
        self.assertEqual(list(states), ["dead", "waiting", "waiting", "waiting"])

    def test_another_sign_in_in_the_same_browser_ends_the_earlier(self):
        self.types_password(self.ana)
        self.types_password(self.ana)
        states = PendingLogin.objects.order_by("pk").values_list("state", flat=True)
        self.assertEqual(list(states), ["dead", "waiting"])


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["sl", "en"])
def test_the_mail_and_the_pages_speak_the_users_language(language):
    ana = Customer("Ana", signed_in=False)
    ana.user.language = language
    ana.user.save()
    ana.sends(address("sign_in", language=language), {"identifier": "ana", "password": PASSWORD}, status=302)
    page = ana.opens(address("waiting", language=language))
    letter = ana.reads_mail("ana@example.si")
    link = link_in(letter)

    assert ("Preverite e-pošto" if language == "sl" else "Check your e-mail") in page.content.decode()
    assert letter.subject == ("Potrdite prijavo" if language == "sl" else "Confirm sign-in")
    assert link.startswith("/prijava/" if language == "sl" else "/en/sign-in/")
    assert link in letter.html
    assert ana.presses(link)["Location"] == address("home", language=language)
    assert timezone.is_aware(Session.objects.get().created_at)
