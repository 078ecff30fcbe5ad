"""A firm sends the readings of all its supply points from one table."""

from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mojplin.domain.linking.access import places_of
from mojplin.domain.linking.models import Link
from mojplin.domain.linking.rest_of_readings import send_the_rest
from mojplin.domain.metering import drafts
from mojplin.domain.metering.bulk import Typed, key_of, rows_of
from mojplin.domain.metering.drafts import KEEP, forget_old_drafts
from mojplin.domain.metering.models import ReadingDraft, SubmittedReading
from mojplin.domain.metering.operations import submit_reading
from mojplin.foundation.errors import Refused
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from tests.cast import Customer, PortalTestCase, moment

NOW = moment(2026, 11, 26, 18, 47)
TABLE, ROW = "/stanje/preglednica/", "/stanje/preglednica/vrstica/"
FIRST, SECOND, THIRD = 0, 1, 2


class TableCase(PortalTestCase):
    """Bojan's firm has three points; each stood at 2000 m³ in October and used 40 m³ in November last year."""

    def setUp(self):
        clock = time_machine.travel(NOW, tick=False)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.given_cast()
        self.given_points(1)
        for meter in self.bojans_meters:
            self.given_known(meter)

    def given_points(self, count: int, *, start: int = 3) -> None:
        for number in range(start, start + count):
            point = self.given_supply_point(self.bojans_firm, f"2000-{number}", street=f"Ukanc {number}")
            self.given_link(self.bojan, self.bojans_firm, point, name=f"Apartma {number}")
            self.bojans_points.append(point)
            self.bojans_meters.append(self.given_meter(point))

    def given_known(self, meter):
        for month, before, after in ((date(2025, 11, 1), "1500", "1540"), (date(2026, 10, 1), "1960", "2000")):
            self.given_billed(meter, self.bojans_firm, month=month, value_from_m3=before, value_to_m3=after)

    def fields(self, *typed: str, confirmed: tuple[int, ...] = ()) -> dict[str, str]:
        """What stands in the fields of the first rows."""
        ids = [point.public_id for point in self.bojans_points]
        fields = {f"counter-{public_id}": text for public_id, text in zip(ids, typed, strict=False)}
        return fields | {f"right-{ids[row]}": typed[row].strip() for row in confirmed}

    def sends_table(self, *typed: str, act: str = "send", query: str = "", **more):
        return self.bojan.sends(TABLE + query, self.fields(*typed, **more) | {"act": act}, status=302)

    def reads(self, query: str = "") -> str:
        return self.bojan.opens(TABLE + query).content.decode().replace("\xa0", " ")

    @staticmethod
    def statements_of(act) -> int:
        with CaptureQueriesContext(connection) as statements:
            assert act().status_code in (200, 302)
        return len([each for each in statements if "SAVEPOINT" not in each["sql"]])

    def taken(self) -> list[tuple[str, Decimal]]:
        return list(SubmittedReading.objects.order_by("pk").values_list("supply_point__number", "value_m3"))

    def drafts(self) -> list[str]:
        return list(ReadingDraft.objects.order_by("supply_point__number").values_list("typed", flat=True))


class TypingTest(TableCase):
    def test_all_points_stand_in_one_table_with_their_last_reading(self):
        html = self.reads()
        assert all(f"Apartma {n}" in html for n in (1, 2, 3)) and html.count("data-down ") == 3
        assert "2000" in html and "od 3 stanj smo prejeli" in html and "Manjka stanje" in html

    def test_good_rows_go_and_bad_ones_stay_with_one_clear_sentence_each(self):
        page = self.bojan.follows(self.sends_table("2.041", "1990", "20a5"))
        html = page.content.decode().replace("\xa0", " ")
        assert self.taken() == [("2000-1", Decimal(2041))]
        assert self.drafts() == ["1990", "20a5"]
        assert "Oddano je 1 stanje." in html and "Preverite še 2 vrstici." in html
        assert "1990 m³ je manj od zadnjega stanja, 2000 m³." in html
        assert "Vpišite samo števke, na primer 4399." in html
        assert 'value="1990"' in html and 'value="20a5"' in html and html.count("is-bad") == 2

    def test_what_was_sent_is_told_to_the_erp_and_confirmed_by_one_mail(self):
        self.sends_table("2041", "2042", "2043")
        told = [each.payload for each in Message.objects.filter(topic="erp.reading.submitted").order_by("pk")]
        assert [each["value_m3"] for each in told] == ["2041", "2042", "2043"]
        assert {each["way"] for each in told} == {"table"}
        mail = self.bojan.reads_mail("bojan@example.si")
        assert mail.subject == "Prejeli smo 3 stanja"
        text = mail.text.replace("\xa0", " ")
        assert "Apartma 1: 2041" in text and "do 30. novembra" in text

    def test_sent_rows_show_what_was_sent_and_how_to_correct_it(self):
        self.sends_table("2041")
        html = self.reads("?show=sent")
        assert "oddano 2041 m³" in html and "41 m³" in html and "Popravite" in html and "data-down " not in html
        assert self.reads().count("data-down ") == 2

    def test_the_same_form_twice_counts_once(self):
        fields = self.fields("2041") | {"act": "send", "form_key": "key"}
        answers = [self.bojan.sends(TABLE, fields, status=302)["Location"] for _each in range(2)]
        assert answers[0] == answers[1] and len(self.taken()) == 1

    def test_what_is_typed_is_kept_without_sending_and_for_whoever_typed_it_alone(self):
        self.sends_table("2041", act="keep")
        assert self.taken() == [] and self.drafts() == ["2041"]
        assert 'value="2041"' in self.reads() and "Vpisano je 1 stanje" in self.reads() and "41 m³" in self.reads()
        eva = Customer("Eva")
        self.given_link(eva, self.bojans_firm, self.bojans_points[FIRST], name="Pisarna")
        assert 'value="2041"' not in eva.opens(TABLE).content.decode()

    def test_a_row_that_is_emptied_is_forgotten_and_others_stay(self):
        self.sends_table("2041", "2042", act="keep")
        self.sends_table("", act="keep")
        assert self.drafts() == ["2042"]

    def test_a_draft_is_for_its_month_and_goes_later(self):
        self.sends_table("2041", act="keep")
        self.clock.move_to(moment(2026, 12, 26))
        self.bojan.is_signed_in()
        assert 'value="2041"' not in self.reads()
        forget_old_drafts(NOW + KEEP)
        assert self.drafts() == ["2041"]
        self.clock.move_to(NOW)
        forget_old_drafts(NOW + KEEP * 2)
        assert self.drafts() == []

    def test_an_odd_counter_goes_once_it_is_said_to_be_right(self):
        self.sends_table("2400")
        assert self.taken() == [] and "Stanje je pravilno" in self.reads()
        self.sends_table("2400", confirmed=(FIRST,))
        assert self.taken() == [("2000-1", Decimal(2400))] and SubmittedReading.objects.get().is_odd

    def test_a_lower_counter_cannot_be_said_right_but_leads_to_the_exchange_of_the_meter(self):
        self.sends_table("1990")
        html = self.reads()
        assert "Stanje je pravilno" not in html and "/stanje/zamenjava/" in html

    def test_the_likely_counter_is_named(self):
        self.sends_table("20410")
        assert "Morda 2041 m³?" in self.reads()

    def test_the_table_says_what_the_page_of_one_meter_says(self):
        point = self.place().to_read
        for typed in (
            "2041",
            "2.041",
            "2041,7",
            "1999",
            "2000",
            "2001",
            "2180",
            "20410",
            "99999",
            "123456",
            "abc",
            "-1",
        ):
            row = rows_of([point], {key_of(point): Typed(typed)}, NOW.date())[0]
            try:
                with transaction.atomic():
                    submit_reading(
                        point=point, typed=typed, exact_m3=None, is_confirmed=False, read_on=NOW.date(),
                        by=self.bojan.user, today=NOW.date(), now=NOW,
                    )  # fmt: skip
                    transaction.set_rollback(True)
                said = ""
            except Refused as refusal:
                said = str(refusal)
            assert (str(row.refusal or ""), row.is_good) == (said, not said), typed

    def place(self):
        return next(each for each in places_of(self.bojan.user.pk) if each.name == "Apartma 1")

    def test_another_counter_needs_to_be_said_right_again(self):
        self.sends_table("2400", confirmed=(FIRST,), act="keep")
        fields = self.fields("2500") | {f"right-{self.bojans_points[FIRST].public_id}": "2400", "act": "send"}
        self.bojan.sends(TABLE, fields, status=302)
        assert self.taken() == [] and self.drafts() == ["2500"]

    def test_each_row_says_until_when_its_contract_lasts_and_what_is_unpaid(self):
        one, two, three = self.bojans_points
        self.given_contract(self.bojans_firm, one, "P-1", ends_on=date(2027, 8, 31))
        self.given_contract(self.bojans_firm, two, "P-2", ends_on=date(2026, 12, 31))
        self.given_contract(self.anas_payer, three, "P-3", ends_on=date(2026, 12, 30))
        for number, open_eur in (("1", "45.62"), ("2", "10.00"), ("3", "0")):
            self.given_document(self.bojans_firm, one, number, amount_eur="45.62", open_eur=open_eur)
        self.given_document(self.anas_payer, three, "4", amount_eur="99.10", open_eur="99.10")
        html = self.reads()
        assert "31. 8. 2027" in html and "55,62 €" in html
        assert "31. 12. 2026" in html and "se kmalu izteče" in html
        assert "30. 12. 2026" not in html and "99,10" not in html  # an earlier payer's
        assert "Neplačano" in html and "Pogodba se izteka" in html
        unpaid, ending = self.reads("?show=unpaid"), self.reads("?show=ending")
        row = "Novo stanje, Apartma"
        assert f"{row} 1" in unpaid and f"{row} 2" not in unpaid
        assert f"{row} 2" in ending and f"{row} 1" not in ending

    def test_nothing_typed_is_said(self):
        html = self.bojan.follows(self.sends_table("", "", "")).content.decode()
        assert "Ni bilo ničesar za oddajo." in html

    def test_while_readings_are_closed_nothing_can_be_typed(self):
        self.clock.move_to(moment(2026, 11, 20))
        self.bojan.is_signed_in()
        assert "data-down " not in self.reads()
        self.sends_table("2041")
        assert self.taken() == []

    def test_in_english_too(self):
        html = self.bojan.opens("/en/readings/table/").content.decode()
        assert "Meter readings" in html and "Reading missing" in html and "Submit what is entered" in html

    def test_hostile_input_never_breaks_the_table(self):
        for typed in ("\0", "9" * 5000, "1e30", "<script>", "-1", "٢٠٤١"):
            assert self.sends_table(typed).status_code == 302
            self.reads()
        assert self.taken() == []


class RowTest(TableCase):
    def leaves_row(self, typed: str, who: Customer | None = None, status: int = 200):
        return (who or self.bojan).browser.post(ROW, self.fields(typed)), status

    def test_a_row_that_is_left_is_kept_and_answered_with_its_use_and_the_bar(self):
        answer, _status = self.leaves_row("2041")
        html = answer.content.decode().replace("\xa0", " ")
        assert self.drafts() == ["2041"] and "41 m³" in html and html.lstrip().startswith("<tr")
        assert 'hx-swap-oob="true"' in html and "Oddajte 1 stanje" in html

    def test_a_bad_row_is_answered_with_its_sentence(self):
        html = self.leaves_row("1990")[0].content.decode()
        assert "is-bad" in html and 'aria-invalid="true"' in html

    def test_a_strangers_row_does_not_exist(self):
        assert self.leaves_row("2041", who=self.cilka)[0].status_code == 404
        assert self.bojan.browser.post(ROW, {}).status_code == 404
        assert self.drafts() == []


class WhoseTest(TableCase):
    def test_a_strangers_points_are_not_there_and_cannot_be_sent(self):
        self.given_known(self.anas_meter)
        point = self.anas_house.public_id
        assert point not in self.reads("?show=all")
        self.bojan.sends(TABLE, {f"counter-{point}": "2041", "act": "send"}, status=302)
        assert self.taken() == [] and self.drafts() == []

    def test_places_without_a_meter_or_only_looked_at_are_left_out(self):
        tank = self.given_supply_point(self.bojans_firm, "2000-9", kind="bulk")
        self.given_link(self.bojan, self.bojans_firm, tank, name="Cisterna")
        self.given_share(self.bojan, self.ana.user.links.get(), "see", name="Anin dom")
        html = self.reads("?show=all").split("<table")[1]
        assert "Cisterna" not in html and "Anin dom" not in html

    def test_who_has_nothing_to_read_is_told_so(self):
        assert "Tu ni števca za odčitavanje" in self.cilka.opens(TABLE).content.decode()


class ManyTest(TableCase):
    def test_the_statements_do_not_grow_with_the_points(self):
        self.sends_table("2041", "1990", act="keep")
        few = self.statements_of(lambda: self.bojan.browser.get(TABLE))
        self.given_points(45, start=4)
        for meter in self.bojans_meters[3:]:
            self.given_known(meter)
        many = self.statements_of(lambda: self.bojan.browser.get(TABLE))
        assert self.reads().count("data-down ") == 48
        assert few == many == 9
        keeping = [
            self.statements_of(lambda n=n: self.bojan.browser.post(TABLE, self.fields(*["2041"] * n) | {"act": "keep"}))
            for n in (3, 48)
        ]
        assert keeping[0] == keeping[1]
        assert self.statements_of(lambda: self.bojan.browser.post(ROW, self.fields("2041"))) == 10

    def test_so_many_go_at_once_and_the_worker_sends_the_rest_of_the_same_press(self):
        points = 15
        self.given_points(points, start=100)
        with patch.object(drafts, "SENT_AT_ONCE", 6):
            html = self.bojan.follows(self.sends_table("", "", "", *["40"] * points)).content.decode()
            assert "Oddanih je 6 stanj." in html and "Oddajamo še 9 stanj" in html
            assert len(self.taken()) == 6 and not Message.objects.filter(topic="mail").exists()
            self.bojan.sends(TABLE, self.fields("2041") | {"act": "keep"}, status=302)  # typed later, not pressed
            drain()
        assert len(self.taken()) == points and self.drafts() == ["2041"]
        assert Message.objects.filter(topic="erp.reading.submitted").count() == points
        assert Message.objects.filter(topic="mail").count() == 1
        assert self.bojan.reads_mail("bojan@example.si").subject == f"Prejeli smo {points} stanj"

    def test_what_is_being_sent_is_said_and_a_second_press_sends_no_second_mail(self):
        self.given_points(7, start=100)
        with patch.object(drafts, "SENT_AT_ONCE", 2):
            assert "Oddajamo" not in self.reads()
            self.sends_table("", "", "", *["40"] * 7)
            html = self.reads()
            assert "Oddajamo 5 stanj. Ko bodo vsa oddana" in html and "Oddajte vpisana stanja" in html
            again = self.bojan.follows(self.sends_table()).content.decode()
            assert "Oddajamo še 5 stanj" in again and len(self.taken()) == 2
            drain()
            assert "Oddajamo" not in self.reads()
        assert len(self.taken()) == 7 and Message.objects.filter(topic="mail").count() == 1

    def test_the_mail_names_what_the_worker_could_not_send_any_more(self):
        self.given_points(4, start=100)
        with patch.object(drafts, "SENT_AT_ONCE", 2):
            self.sends_table("", "", "", *["40"] * 4)
            waiting = ReadingDraft.objects.get(supply_point__number="2000-102")
            self.given_billed(
                self.bojans_meters[-2], self.bojans_firm, month=date(2026, 10, 1), value_from_m3="50", value_to_m3="90"
            )
            drain()
        assert len(self.taken()) == 3 and ReadingDraft.objects.get() == waiting
        mail = self.bojan.reads_mail("bojan@example.si")
        assert mail.subject == "Prejeli smo 3 stanja"
        assert "1 stanja ni bilo mogoče oddati. Ponovno ga preglejte v preglednici: Apartma 102" in mail.text
        assert "Apartma 102" in mail.html

    def test_a_part_that_comes_twice_is_sent_once_and_after_the_window_what_was_pressed_within_it_still_counts(self):
        self.given_points(4, start=100)
        with patch.object(drafts, "SENT_AT_ONCE", 2):
            self.sends_table("", "", "", "40", "40", "40", "40")
            part = Message.objects.get(topic="readings_rest")
            self.clock.shift(timedelta(days=7))
            for _again in range(2):
                send_the_rest(part)
        assert len(self.taken()) == 4
        assert set(SubmittedReading.objects.values_list("read_on", "holds")) == {(date(2026, 11, 26), True)}
        assert Message.objects.filter(topic="mail").count() == 1

    def test_who_may_no_longer_send_sends_no_rest(self):
        self.given_points(4, start=100)
        with patch.object(drafts, "SENT_AT_ONCE", 2):
            self.sends_table("", "", "", "40", "40", "40", "40")
            Link.objects.filter(user=self.bojan.user).update(ended_at=timezone.now())
            drain()
        assert len(self.taken()) == 2

    def test_fifty_points_stand_on_a_page_and_words_find_one(self):
        self.given_points(60, start=100)
        html = self.reads()
        assert html.count("data-down ") == 50 and "Stran 1 od 2" in html
        assert self.reads("?page=2").count("data-down ") == 13
        assert (
            self.reads("?page=99").count("data-down ") == 13 and self.reads("?page=x&show=x").count("data-down ") == 50
        )
        html = self.reads("?q=APARTMA+134")
        assert html.count("data-down ") == 1 and "Apartma 134" in html
        assert "Takega odjemnega mesta ni" in self.reads("?q=%00xyz")


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_the_button_counts_in_slovene(number, db):
    case = TableCase()
    case.setUp()
    case.given_points(2, start=4)
    case.sends_table(*["2041", "2042", "2043", "41", "42"][:number], act="keep")
    words = {1: "Oddajte 1 stanje", 2: "Oddajte 2 stanji", 3: "Oddajte 3 stanja", 5: "Oddajte 5 stanj"}
    assert f"{words[number]}<" in case.reads()
    case.doCleanups()
