"""Hand-overs in the office: what waits, where the sides disagree, carrying it out, refusing, the word of one side."""

from django.test import override_settings

from mojplin.domain.accounts.office_answers import AnsweredMeanwhile
from mojplin.domain.moving.answering import take_over
from mojplin.domain.moving.links import link_token
from mojplin.domain.moving.models import MoveAnswer, MoveOut
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, Visitor, moment
from tests.mailbox import mails_to, newest_mail_to
from tests.moved import given_move
from tests.standing import StandingCase

NOW = moment(2026, 11, 26)
LIST = "/urad/zahteve/"
TAKER = "naslednik@example.com"


def words(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def words_of(letter):
    return letter.text.replace("\u00a0", " ")


class MovesInOffice(StandingCase):
    at = NOW

    def given_everything(self):
        super().given_everything()
        self.nika, self.rok = Customer("Nika", role="clerk"), Customer("Rok", role="reader")

    def given(self, **more):
        if more.get("state") == "agreed":
            more["agreed_at"] = NOW
        return given_move(self.anas_payer, self.anas_house, self.ana.user, **more)

    def page(self, move, who=None):
        return words((who or self.nika).opens(f"{LIST}{move.number}/"))

    def answers(self, move, act, who=None, **more):
        return (who or self.nika).sends(f"{LIST}{move.number}/odgovor/", {"act": act} | more)

    def topics(self):
        return list(Message.objects.filter(topic__startswith="erp.").order_by("pk").values_list("topic", flat=True))

    def test_the_list_shows_where_the_sides_disagree(self):
        move = self.given(state="disputed", other_on="2026-11-25", other_value_m3=1258)
        page = words(self.rok.opens(LIST, kind="move"))
        assert move.number in page and "Druga stran navaja drugače" in page and "1260 m³" in page and TAKER not in page
        page = self.page(move, self.rok)
        assert "25. 11. 2026" in page and "1258 m³" in page and TAKER in page and "Zavrnite" not in page
        assert move.number in words(self.ana.opens("/profil/dnevnik-dostopov/"))
        self.nika.sends("/urad/stranke/placnik/20418837/", {"why": "call"})
        assert move.number in words(self.nika.opens("/urad/stranke/placnik/20418837/"))

    def test_what_both_confirmed_is_carried_out_and_both_read_it(self):
        move = self.given(state="agreed")
        assert words(self.nika.follows(self.answers(move, "take_over"))).count("Dobavitelj je uredil")
        assert self.answers(move, "take_over").status_code == 404
        assert self.topics() == ["erp.move.answered"]
        assert "je urejena" in newest_mail_to("ana@example.si").subject
        assert "je urejena" in newest_mail_to(TAKER).subject
        assert "Dobavitelj je uredil" in words(self.ana.opens(f"/selitev/{move.public_id}/"))
        link = mails_to(TAKER)[0].text.split("/prevzem/")[1].split("/")[0]
        assert "odjemno mesto je vaše" in words(Visitor().opens(f"/prevzem/{link}/"))

    def test_it_is_refused_with_a_reason_that_both_read(self):
        for state in ("waiting", "agreed"):
            move = self.given(state=state)
            assert "Napišite razlog" in words(self.answers(move, "refuse", reason=" "))
            self.answers(move, "refuse", reason="Števec ni pravi.")
            for page in (
                self.page(move), words(self.ana.opens(f"/selitev/{move.public_id}/")),
                newest_mail_to("ana@example.si").text, newest_mail_to(TAKER).text,
            ):  # fmt: skip
                assert "Števec ni pravi." in page
            assert MoveOut.objects.get(pk=move.pk).state == "refused"
        assert self.topics() == ["erp.move.answered"] * 2

    def test_where_nobody_takes_over_the_office_accepts_the_one_side(self):
        move = self.given(state="announced", taker_email="", link_hash="", link_expires_at=None)
        assert "še ni znano" in self.page(move)
        self.answers(move, "alone")
        assert Message.objects.get(topic="erp.move.agreed").payload["confirmed_by_both"] is False
        self.answers(move, "take_over")
        assert self.topics() == ["erp.move.agreed", "erp.move.answered"]
        assert [each.subject for each in mails_to("ana@example.si")] == [
            f"Predaja {move.number} je urejena", f"Predaja {move.number} je potrjena"
        ]  # fmt: skip

    def disputed(self):
        return self.given(state="disputed", other_on="2026-11-25", other_value_m3=1258, answered_at=NOW)

    def decides(self, move, **more):
        return self.answers(move, "decide", **{"holds": "taker", "reason": "Na fotografiji je 1258.", "seen": 1} | more)

    def test_where_the_sides_disagree_the_office_decides_and_both_read_why(self):
        for holds, day, read in (("taker", "2026-11-25", "1258"), ("giver", "2026-11-26", "1260")):
            Message.objects.all().delete()
            move = self.disputed()
            assert "Odločite med stranema" in self.page(move)
            assert self.decides(move, holds=holds).status_code == 302
            (told,) = (each.payload for each in Message.objects.filter(topic="erp.move.agreed"))
            assert (told["moves_on"], told["value_m3"], told["meter"]) == (day, read, "G4-1042-7731")
            assert told["confirmed_by_both"] is False and told["decided_because"] == "Na fotografiji je 1258."
            for letter in (newest_mail_to("ana@example.si"), newest_mail_to(TAKER)):
                text = words_of(letter)
                assert "je odločeno" in letter.subject and f"{read} m³" in text and "Na fotografiji je 1258." in text
            for page in (
                self.page(move), words(self.ana.opens(f"/selitev/{move.public_id}/")),
                words(Visitor().opens(f"/prevzem/{link_token(move.public_id, 1)}/")),
            ):  # fmt: skip
                assert "Dobavitelj je odločil" in page and "Na fotografiji je 1258." in page and f"{read} m³" in page
            assert "O sporni predaji" in words(self.ana.opens("/profil/dnevnik-dostopov/"))
            assert self.decides(move, holds="giver").status_code == 404
            self.answers(move, "take_over")

    def test_a_decision_needs_a_side_a_reason_and_what_was_seen(self):
        move = self.disputed()
        for more, why in (
            ({"holds": ""}, "čigava dan in stanje"), ({"reason": " "}, "Napišite razlog"), ({"seen": 2}, "medtem"),
        ):  # fmt: skip
            assert why in words(self.decides(move, **more))
        assert MoveOut.objects.get(pk=move.pk).state == "disputed" and self.topics() == []
        assert self.answers(move, "decide", self.rok, holds="giver", reason="x", seen=1).status_code == 404

    def test_what_came_too_late_is_said(self):
        move = self.given(state="agreed")
        MoveOut.objects.update(version=2)
        with self.assertRaises(AnsweredMeanwhile):
            take_over(move, by=self.nika.user, now=NOW)
        assert not MoveAnswer.objects.exists() and self.topics() == []

    @override_settings(OFFICE_ANSWERS=frozenset(["requests"]))
    def test_where_the_erp_answers_the_office_only_looks_at_what_is_agreed(self):
        move = self.given(state="agreed")
        assert "Odgovarja ERP" in self.page(move) and self.answers(move, "take_over").status_code == 404
        MoveOut.objects.update(state="waiting", agreed_at=None)
        assert self.answers(move, "refuse", reason="Ni prav.").status_code == 302

    def test_a_day_announced_ahead_is_seen_and_can_be_refused(self):
        move = self.given(state="planned", value_m3=None, moves_on="2026-12-05")
        assert "Najavljeno vnaprej" in words(self.rok.opens(LIST, kind="move"))
        page = self.page(move)
        assert "stanje sledi" in page and "5. 12. 2026" in page and "Sprejmite" not in page
        self.answers(move, "refuse", reason="Pogodba še teče.")
        assert MoveOut.objects.get(pk=move.pk).state == "refused"

    def test_readers_do_not_act(self):
        assert self.answers(self.given(state="agreed"), "take_over", self.rok).status_code == 404
