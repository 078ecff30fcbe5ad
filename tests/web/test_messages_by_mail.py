"""Choosing messages by kind, place and rhythm, stopping them by the link of a mail, and what was sent."""

import re
from datetime import date
from urllib.parse import urlsplit

import time_machine
from django.core import mail as sent_mail
from django.test import Client, override_settings

from mojplin.domain.accounts.models import AccessEvent, NoticeChoice
from mojplin.domain.accounts.notices import unwanted
from mojplin.domain.linking.models import Link
from mojplin.domain.notifications.models import PlaceChoice, Rhythm
from mojplin.domain.notifications.telling import tell_everyone
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.unsubscribing import Stop, stop_url
from tests.cast import PortalTestCase, Visitor, moment

NOON = moment(2026, 11, 2)
PAGE = "/profil/sporocila/"
PLACES = f"{PAGE}odjemna-mesta/"


class MessagesCase(PortalTestCase):
    def setUp(self):
        self.enterContext(time_machine.travel(NOON, tick=False))
        self.enterContext(override_settings(READING_REMINDERS=False))
        self.given_cast()
        Link.objects.update(created_at=moment(2026, 1, 1))

    def received(self):
        """Send what is new as a real mail, and return it."""
        self.given_document(self.anas_payer, self.anas_house, "26-1", issued_on=date(2026, 11, 2), due_on=None)
        with override_settings(
            MAIL_GOES_TO_DEMO_MAILBOX=False, EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"
        ):
            tell_everyone(NOON)
            drain()
        return sent_mail.outbox[0]


class OneClick(MessagesCase):
    def test_a_mail_program_stops_the_kind_with_one_post_without_a_session(self):
        mail = self.received()
        headers = mail.message()
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = re.fullmatch("<(.+)>", "".join(headers["List-Unsubscribe"].split()))[1]
        assert address in mail.body and address in mail.alternatives[0].content
        path = urlsplit(address).path
        program = Client(enforce_csrf_checks=True)
        for _twice in range(2):
            assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert list(NoticeChoice.objects.values_list("user", "topic", "is_wanted")) == [
            (self.ana.user.pk, "new_document", False)
        ]
        assert AccessEvent.objects.filter(whose=self.ana.user, what="notices_changed").count() == 1

    def test_opening_the_link_changes_nothing_and_its_button_does(self):
        path = urlsplit(stop_url(Stop(self.ana.user.pk, ["contract_ending"]))).path
        page = Visitor().opens(path)
        assert "Pogodba se kmalu izteče" in page.content.decode() and not NoticeChoice.objects.exists()
        assert "ne bodo več prihajala" in Visitor().sends(path, status=200).content.decode()
        assert NoticeChoice.objects.get().topic == "contract_ending"

    def test_a_forged_link_and_one_of_what_the_law_requires_do_not_exist(self):
        whole = urlsplit(stop_url(Stop(self.ana.user.pk, ["contract_ending"]))).path
        required = urlsplit(stop_url(Stop(self.ana.user.pk, ["renewal_answered"]))).path
        for path in (whole[:-2] + "/", required, "/sporocila/odjava/x/", "/sporocila/odjava/a:b/"):
            Visitor().opens(path, status=404)
            Visitor().sends(path, status=404)
        assert not NoticeChoice.objects.exists()

    def test_a_form_that_another_site_makes_a_browser_send_is_refused(self):
        path = urlsplit(stop_url(Stop(self.ana.user.pk, ["contract_ending"]))).path
        assert Client(headers={"sec-fetch-site": "cross-site"}).post(path).status_code == 403
        assert not NoticeChoice.objects.exists()


class Choosing(MessagesCase):
    def test_kinds_and_rhythm_are_kept_and_shown(self):
        html = self.bojan.follows(
            self.bojan.sends(PAGE, {"often": "weekly", "wanted": "new_document"})
        ).content.decode()
        assert Rhythm.objects.get().often == "weekly" and 'value="weekly" checked' in html
        assert unwanted(self.bojan.user) > {"document_due", "enquiry_answer"} and 'value="document_due" aria' in html
        self.bojan.sends(PAGE, {"often": "x" * 500})
        assert Rhythm.objects.get().often == "weekly"

    def test_what_the_law_requires_says_so_and_is_no_choice(self):
        html = self.ana.opens(PAGE).content.decode()
        assert 'value="contract_ending"' in html and 'value="renewal_answered"' not in html
        assert "Tako zahteva zakon: pisno imate, ali in do kdaj" in html

    def test_the_page_needs_the_same_statements_for_few_and_many_places(self):
        for who in (self.ana, self.bojan):
            with self.assertNumQueries(6):
                who.browser.get(PAGE)
            with self.assertNumQueries(5):
                who.browser.get(PLACES)


class ByPlace(MessagesCase):
    """In general, and otherwise at single places: only what differs is kept."""

    def of(self, point):
        return f"{PLACES}{point.public_id}/"

    def given_many(self, count):
        for number in range(count):
            point = self.given_supply_point(self.bojans_firm, f"6000-{number:04}", town="Bled")
            self.given_link(self.bojan, self.bojans_firm, point, f"Poslovalnica {number}")

    def chosen(self):
        rows = PlaceChoice.objects.order_by("pk").values_list("link__name", "topic", "is_wanted")
        return [f"{name} {topic} {is_wanted}" for name, topic, is_wanted in rows]

    def test_one_kind_is_off_at_one_place(self):
        first, second = self.bojans_points
        page = self.bojan.opens(self.of(first)).content.decode()
        for code in ("new_document", "document_due", "reading_due", "contract_ending", "enquiry_answer"):
            assert f'value="{code}" checked' in page
        assert not any(code in page for code in ("gauge_due", "terms_changed", "request_answered"))
        every = {"new_document", "document_overdue", "pay_by_hand", "reading_due", "contract_ending", "enquiry_answer"}
        html = self.bojan.follows(self.bojan.sends(self.of(first), {"wanted": sorted(every)})).content.decode()
        assert self.chosen() == ["Apartma 1 document_due False"]
        assert "Ne prihaja: Račun zapade čez tri dni." in html and "Kot za vsa." in html
        assert 'value="document_due" checked' not in self.bojan.opens(self.of(first)).content.decode()
        assert 'value="document_due" checked' in self.bojan.opens(self.of(second)).content.decode()
        assert AccessEvent.objects.get(what="notices_changed").about == "Apartma 1"

    def test_a_kind_that_is_off_in_general_may_come_about_one_place_and_a_click_in_the_mail_stops_it_there_too(self):
        self.ana.sends(PAGE, {"wanted": []})
        self.ana.sends(self.of(self.anas_house), {"wanted": "new_document"})
        assert self.chosen() == ["Dom new_document True"]
        assert "Prihaja: Nov račun ali dobropis." in self.ana.opens(PAGE).content.decode()
        path = urlsplit(stop_url(Stop(self.ana.user.pk, ["new_document"]))).path
        Visitor().sends(path, status=200)
        assert self.chosen() == []

    def test_nothing_about_a_place_holds_for_kinds_that_are_still_to_be_made(self):
        self.ana.sends(self.of(self.anas_house), {"wanted": "nonsense"})
        assert self.chosen() == ["Dom  False"]
        assert "Brez sporočil." in self.ana.opens(PAGE).content.decode()
        self.ana.sends(self.of(self.anas_house), {"act": "general"})
        assert self.chosen() == []

    def test_somebody_elses_place_is_as_one_that_never_was(self):
        for act in (self.cilka.opens, self.cilka.sends):
            act(self.of(self.anas_house), status=404)
        assert self.chosen() == []

    def test_who_only_looks_at_a_place_chooses_of_what_can_come_to_them(self):
        self.given_share(self.cilka, Link.objects.get(user=self.ana.user), "see")
        page = self.cilka.opens(self.of(self.anas_house)).content.decode()
        assert "document_due" not in page and "enquiry_answer" in page

    def test_a_firm_finds_its_places_and_chooses_for_all_found_at_once(self):
        self.given_many(60)
        assert "Poslovalnica" not in self.bojan.opens(PAGE).content.decode()
        page = self.bojan.opens(PLACES, q="bled").content.decode()
        assert "Izberite za 60 odjemnih mest hkrati" in page
        assert "Poslovalnica 49" in page and "Poslovalnica 50" not in page
        self.bojan.sends(f"{PLACES}?q=bled", {"wanted": "document_due"}, status=302)
        assert PlaceChoice.objects.filter(is_wanted=False, link__supply_point__town="Bled").count() == 60 * 6
        assert "Poslovalnica 5" in self.bojan.opens(PAGE).content.decode()
        with self.assertNumQueries(6):
            self.bojan.browser.get(PAGE)
        with self.assertNumQueries(14):
            self.bojan.sends(f"{PLACES}?q=bled", {"act": "general"})
        assert not PlaceChoice.objects.exists()
        self.bojan.sends(PLACES, {"act": "general"}, status=404)

    def test_odd_pages_and_searches_show_a_list(self):
        for odd in ({"p": "99999"}, {"p": "x"}, {"q": "\x00%"}, {"group": "nonsense"}):
            self.bojan.opens(PLACES, **odd)


class Sent(MessagesCase):
    def test_it_lists_ones_own_newest_first_and_nobody_elses(self):
        assert "še nismo poslali" in self.ana.opens(f"{PAGE}poslana/").content.decode()
        self.received()
        html = self.ana.opens(f"{PAGE}poslana/").content.decode()
        assert "Nov račun ali dobropis" in html and "26-1" in html and "Dom" in html
        assert "še nismo poslali" in self.cilka.opens(f"{PAGE}poslana/").content.decode()
        assert "26-1" in self.ana.opens("/en/profile/messages/sent/").content.decode()
