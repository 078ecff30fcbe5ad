"""What stands behind linking: the choice among places, codes, closings, policies."""

import re
from datetime import date, timedelta

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from mojplin.domain.accounts.access_log import months_before
from mojplin.domain.linking import codes, limits
from mojplin.domain.linking.alarm import alarm_at_attack
from mojplin.domain.linking.ending import end_and_forget
from mojplin.domain.linking.models import ClosedPayer, Link, LinkAttempt, LinkCode, LinkNotice, ProvenPayer
from mojplin.domain.supply.models import PayerPeriod
from mojplin.foundation.housekeeping import do_watches, forget_old
from mojplin.foundation.models import DemoMail, Message
from tests.cast import Customer, tax_number
from tests.letters import code_of_letter
from tests.mailbox import newest_mail_to
from tests.web.test_linking import LINK, NO_MATCH, LinkingCase

CHOICE, CODE = f"{LINK}izbira/", f"{LINK}koda/"


def after_the_worker_has_looked():
    do_watches(timezone.now())


def code_mailed_to(address):
    after_the_worker_has_looked()
    return code_in(newest_mail_to(address))


def code_in(mail):
    return re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", mail.text)[0]


class SharedBefore(LinkingCase):
    def test_who_could_read_the_numbers_in_the_portal_needs_a_code_besides(self):
        holders = self.given_link(self.bojan, self.payer, self.point)
        share = self.given_share(self.cilka, holders, "pay")
        for ended_at in (None, timezone.now()):
            Link.objects.filter(pk=share.pk).update(ended_at=ended_at)
            LinkCode.objects.all().delete()
            assert self.tries(self.cilka)["Location"] == CODE
            assert not Link.objects.filter(user=self.cilka.user, role="holder").exists()
        fields = {"tax_number": self.payer.tax_number, "payer_number": "20420001"}
        code = code_mailed_to("dragica@example.si")
        assert self.cilka.sends(CODE, fields | {"code": code}).status_code == 302
        assert Link.objects.get(user=self.cilka.user, role="holder").proven_by == "code"

    def test_others_link_as_ever(self):
        holders = self.given_link(self.bojan, self.payer, self.point)
        self.given_share(self.ana, holders, "pay")
        assert self.tries(self.cilka)["Location"] == "/"


class LongOver(LinkingCase):
    def test_what_ended_is_forgotten_with_the_access_log_and_no_sooner(self):
        link = self.given_link(self.cilka, self.payer, self.point)
        share = self.given_share(self.bojan, link, "see")
        notice = LinkNotice.objects.create(
            to="x@example.si", is_contact=False, may_end=True, made_at=timezone.now() - timedelta(days=91)
        )
        notice.links.add(link)
        for months, there in ((23, 2), (24, 0)):
            ended_at = months_before(timezone.now(), months) - timedelta(hours=1)
            Link.objects.filter(pk__in=[link.pk, share.pk]).update(ended_at=ended_at, ended_because="user")
            end_and_forget(timezone.now())
            assert Link.objects.filter(pk__in=[link.pk, share.pk]).count() == there
        assert not LinkNotice.objects.exists() and Link.objects.filter(ended_at=None).count() == 3

    def test_a_link_stays_while_something_hangs_on_it(self):
        link = self.given_link(self.cilka, self.payer, self.point)
        self.given_share(self.bojan, link, "see")
        Link.objects.filter(pk=link.pk).update(ended_at=timezone.now() - timedelta(days=1000), ended_because="user")
        end_and_forget(timezone.now())
        assert Link.objects.filter(pk=link.pk).exists()


class Choice(LinkingCase):
    def setUp(self):
        super().setUp()
        self.second = self.given_supply_point(self.payer, "1043-0002", street="Log 8")
        self.third = self.given_supply_point(self.payer, "1043-0003", street="Log 8")
        left = self.given_supply_point(self.payer, "1043-0004", street="Log 9")
        PayerPeriod.objects.filter(supply_point=left).update(ends_on=date(2024, 1, 1))
        self.given_document(self.payer, None, "26-10", external_number="ZD-2026-10")

    def proves(self, customer):
        response = self.tries(customer, document_number="ZD-2026-10")
        assert response["Location"] == CHOICE
        return customer.follows(response).content.decode()

    def test_a_document_for_several_places_lets_choose_and_links_what_is_ticked(self):
        html = self.proves(self.cilka)
        assert "Log 7" in html and "1043-0002" in html and "1043-0004" not in html
        assert not Link.objects.filter(user=self.cilka.user).exists()
        chosen = [self.point.public_id, self.second.public_id]
        html = self.cilka.follows(self.cilka.sends(CHOICE, {"points": chosen})).content.decode()
        assert "Povezani sta 2 odjemni mesti." in html
        links = Link.objects.filter(user=self.cilka.user)
        assert sorted(links.values_list("name", flat=True)) == ["Log 7", "Log 8"]

    def test_places_in_one_street_are_told_apart_by_their_number(self):
        self.proves(self.cilka)
        self.cilka.sends(CHOICE, {"points": [self.second.public_id, self.third.public_id]})
        names = Link.objects.filter(user=self.cilka.user).values_list("name", flat=True)
        assert sorted(names) == ["Log 8, 1043-0002", "Log 8, 1043-0003"]

    def test_a_place_that_was_not_proven_cannot_be_chosen(self):
        self.proves(self.cilka)
        html = self.cilka.sends(CHOICE, {"points": [self.anas_house.public_id]}, status=200).content.decode()
        assert "Izberite vsaj eno odjemno mesto." in html
        assert not Link.objects.filter(user=self.cilka.user).exists()

    def test_nothing_ticked_asks_again(self):
        self.proves(self.cilka)
        assert "Izberite vsaj eno odjemno mesto." in self.cilka.sends(CHOICE, status=200).content.decode()

    def test_the_proof_is_used_up_by_choosing(self):
        self.proves(self.cilka)
        self.cilka.sends(CHOICE, {"points": [self.point.public_id]})
        assert self.cilka.sends(CHOICE, {"points": [self.second.public_id]})["Location"] == LINK
        assert Link.objects.filter(user=self.cilka.user).count() == 1

    def test_the_proof_ends_after_ten_minutes(self):
        self.proves(self.cilka)
        ProvenPayer.objects.update(proven_at=timezone.now() - timedelta(minutes=11))
        assert self.cilka.sends(CHOICE, {"points": [self.point.public_id]})["Location"] == LINK

    def test_the_proof_holds_in_the_session_that_proved_it_alone(self):
        self.proves(self.cilka)
        elsewhere = self.cilka.browser.cookies[settings.SESSION_COOKIE_NAME].value
        self.cilka.is_signed_in()
        assert self.cilka.browser.cookies[settings.SESSION_COOKIE_NAME].value != elsewhere
        assert self.cilka.opens(CHOICE, status=302)["Location"] == LINK
        assert self.bojan.opens(CHOICE, status=302)["Location"] == LINK


class Closing(LinkingCase):
    def closed(self):
        for number in range(5):
            self.refused(Customer(f"Nekdo{number}"), document_number=f"ZD-{number}")
        after_the_worker_has_looked()
        assert ClosedPayer.objects.get(reopened_at=None).payer == self.payer

    def test_a_closed_payer_gets_a_code_by_mail_that_links_and_reopens(self):
        self.closed()
        assert NO_MATCH in self.refused(self.cilka)
        code = code_mailed_to("dragica@example.si")
        fields = {"tax_number": self.payer.tax_number, "payer_number": "20420001"}
        assert code not in str(list(LinkCode.objects.values()))
        typed = f" {code.lower().replace('-', ' ')}"
        assert self.cilka.sends(CODE, fields | {"code": typed}).status_code == 302
        link = Link.objects.get(user=self.cilka.user)
        assert (link.proven_by, link.probation_until) == ("code", None)
        assert ClosedPayer.objects.get().reopened_how == "code"
        assert self.tries(self.bojan).status_code == 302

    def test_a_code_is_good_once_and_for_thirty_days(self):
        self.closed()
        self.refused(self.cilka)
        fields = {"tax_number": self.payer.tax_number, "payer_number": "20420001"}
        fields["code"] = code_mailed_to("dragica@example.si")
        expires = LinkCode.objects.get().expires_at
        LinkCode.objects.update(expires_at=timezone.now())
        assert "ne ujemajo" in self.cilka.sends(CODE, fields, status=200).content.decode()
        LinkCode.objects.update(expires_at=expires)
        assert expires - timezone.now() > timedelta(days=29)
        self.cilka.sends(CODE, fields, status=302)
        assert "ne ujemajo" in self.bojan.sends(CODE, fields, status=200).content.decode()

    def test_every_wrong_code_is_answered_alike_and_counted(self):
        self.closed()
        self.refused(self.cilka)
        code = code_mailed_to("dragica@example.si")
        good = {"tax_number": self.payer.tax_number, "payer_number": "20420001", "code": code}
        for wrong in ({"code": "AAAAA-AAAAA"}, {"payer_number": "1"}, {"tax_number": tax_number(900)}):
            somebody = Customer(f"Drug{len(wrong['code']) if 'code' in wrong else wrong}"[:20].replace("'", ""))
            assert "ne ujemajo" in somebody.sends(CODE, good | wrong, status=200).content.decode()
        for _try in range(4):
            self.cilka.sends(CODE, good | {"code": "AAAAA-AAAAA"}, status=200)
        assert "ne ujemajo" in self.cilka.sends(CODE, good, status=200).content.decode()
        assert LinkAttempt.objects.filter(user=self.cilka.user, outcome="paused").count() == 1

    def test_one_code_a_day_is_mailed(self):
        self.closed()
        self.refused(self.cilka)
        after_the_worker_has_looked()
        self.refused(self.bojan)
        after_the_worker_has_looked()
        assert Message.objects.filter(topic="link_code_mail").count() == 1

    def test_without_a_contact_a_letter_waits_to_be_printed(self):
        type(self.payer).objects.filter(pk=self.payer.pk).update(email="")
        self.closed()
        self.refused(self.cilka)
        after_the_worker_has_looked()
        assert LinkCode.objects.get(code_hash="").way == "letter"
        code = code_of_letter(payer_id=self.payer.pk, printed_by=(self.bojan.user, self.ana.user), now=timezone.now())
        fields = {"tax_number": self.payer.tax_number, "payer_number": "20420001", "code": code}
        assert self.cilka.sends(CODE, fields).status_code == 302

    def test_a_letter_on_its_way_stays_good_when_somebody_tries_the_numbers_again(self):
        type(self.payer).objects.filter(pk=self.payer.pk).update(email="")
        self.closed()
        self.refused(self.cilka)
        after_the_worker_has_looked()
        printed_at = timezone.now() - timedelta(days=4)
        code = code_of_letter(payer_id=self.payer.pk, printed_by=(self.bojan.user, self.ana.user), now=printed_at)
        self.refused(self.cilka)
        after_the_worker_has_looked()
        fields = {"tax_number": self.payer.tax_number, "payer_number": "20420001", "code": code}
        assert self.cilka.sends(CODE, fields).status_code == 302

    def test_a_letter_that_ran_out_is_asked_for_anew(self):
        type(self.payer).objects.filter(pk=self.payer.pk).update(email="")
        self.closed()
        code_of_letter(
            payer_id=self.payer.pk, printed_by=(self.bojan.user, self.ana.user), now=timezone.now() - timedelta(days=31)
        )
        self.refused(self.cilka)
        after_the_worker_has_looked()
        assert LinkCode.objects.get(way="letter").code_hash == ""

    def test_the_payers_own_address_links_also_when_closed(self):
        self.closed()
        dragica = Customer("Dragica", email="dragica@example.si")
        assert self.tries(dragica).status_code == 302
        assert Link.objects.get(user=dragica.user).proven_by == "contact"
        assert ClosedPayer.objects.get().reopened_how == "contact"

    def test_closing_and_near_misses_are_not_forgotten_with_age(self):
        for number in range(4):
            self.refused(Customer(f"Nekdo{number}"), document_number=f"ZD-{number}")
        forget_old(timezone.now() + timedelta(days=4000))
        end_and_forget(timezone.now() + timedelta(days=4000))
        assert LinkAttempt.objects.count() == 0
        self.refused(Customer("Zadnji"), document_number="ZD-77")
        assert NO_MATCH in self.refused(self.cilka)

    def test_many_single_matches_ask_for_a_code_and_close_nobody(self):
        limits_of_day = limits.SINGLE_MATCHES_IN_DAY
        for _try in range(limits_of_day):
            limits.count_matches([], [self.payer.pk], timezone.now())
        assert NO_MATCH in self.refused(self.cilka)
        assert not ClosedPayer.objects.exists()
        assert code_mailed_to("dragica@example.si")

    def test_a_cancelled_invoice_is_answered_as_a_mismatch(self):
        self.given_document(self.payer, self.point, "26-D", kind="credit_note", corrects_number="26-9")
        assert NO_MATCH in self.refused(self.cilka)


class Policies(LinkingCase):
    def fresh(self, days):
        type(self.invoice).objects.update(issued_on=timezone.localdate() - timedelta(days=days))

    @override_settings(LINK_POLICY="three_fresh")
    def test_an_old_document_needs_a_code_besides(self):
        self.fresh(96)
        response = self.tries(self.cilka)
        assert response["Location"] == CODE
        assert "poslali kodo" in self.cilka.follows(response).content.decode()
        self.fresh(95)
        assert self.tries(self.bojan)["Location"] == "/"

    @override_settings(LINK_POLICY="three_plus_code")
    def test_three_numbers_and_a_code(self):
        self.fresh(1)
        assert self.tries(self.cilka)["Location"] == CODE
        assert not Link.objects.filter(user=self.cilka.user).exists()
        assert limits.failures_of_portal(timezone.now()) == 0

    @override_settings(LINK_PROBATION_HOURS=72)
    def test_probation_lasts_for_a_stranger_and_not_for_the_payers_own_address(self):
        self.tries(self.cilka)
        assert Link.objects.get(user=self.cilka.user).probation_until > timezone.now() + timedelta(hours=71)
        dragica = Customer("Dragica", email="dragica@example.si")
        self.tries(dragica)
        assert Link.objects.get(user=dragica.user).probation_until is None

    def test_a_sixth_user_needs_staff(self):
        for number in range(5):
            self.given_link(Customer(f"Nekdo{number}"), self.payer, self.point)
        assert "že pet ljudi" in self.refused(self.cilka)


class Attack(LinkingCase):
    @staticmethod
    def old_users(count):
        users = [Customer(f"Nekdo{n}", signed_in=False).user for n in range(count)]
        for user in users:
            user.registered_at -= timedelta(days=2)
        return users

    def test_from_two_hundred_failures_in_an_hour_one_try_in_eighteen_seconds_is_judged_and_staff_are_told(self):
        now = timezone.now().replace(minute=30, second=0, microsecond=0)
        somebody = self.old_users(48)
        for number in range(200):
            assert limits.reserve(somebody[number // 5], f"2001:db8:{number}::1", now)
        later = [
            limits.reserve(somebody[40 + n // 5], f"2001:db8:{n}::2", now + timedelta(seconds=n)) for n in range(36)
        ]
        assert sum(later) == 2
        for _look in range(3):
            alarm_at_attack(now)
        mails = Message.objects.filter(topic="mail", payload__template="linking/mail/attack")
        assert [mail.payload["to"] for mail in mails] == [settings.SUPPLIER["email"]]

    def test_a_network_has_its_limit_over_all_users_and_a_v6_household_is_one_network(self):
        now = timezone.now()
        users = self.old_users(40)
        let = [limits.reserve(users[n // 4], f"2001:db8::{n + 1:x}", now) for n in range(40)]
        assert sum(let) == 30
        let = [limits.reserve(users[10 + n // 4], "192.0.2.9", now) for n in range(110)]
        assert sum(let) == 100
        assert limits.reserve(users[39], "::ffff:192.0.2.9", now) is False

    def test_a_demo_without_mail_server_keeps_the_codes_where_the_demo_reads_them(self):
        codes.ask_for_code(payer_id=self.payer.pk, now=timezone.now())
        newest_mail_to("dragica@example.si")
        assert DemoMail.objects.filter(to="dragica@example.si").count() == 1
