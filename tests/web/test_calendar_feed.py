"""The calendar by a private address: shown once, renewed, turned off; it holds days and numbers, no amounts."""

import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import time_machine

from mojplin.domain.notifications.models import CalendarAddress
from tests.cast import PortalTestCase, Visitor, moment

PAGE = "/profil/koledar/"


class CalendarFeed(PortalTestCase):
    def setUp(self):
        self.enterContext(time_machine.travel(moment(2026, 11, 26), tick=False))
        self.given_cast()

    def makes_address(self):
        html = self.ana.sends(PAGE, status=200).content.decode()
        return urlsplit(re.search(r'value="(https?://[^"]+\.ics)"', html)[1]).path

    def test_it_shows_readings_due_dates_and_ends_of_contracts_without_amounts(self):
        self.given_document(self.anas_payer, self.anas_house, "RAC-26-1", open_eur=Decimal("136.84"))
        self.given_document(self.anas_payer, self.anas_house, "RAC-26-2", open_eur=Decimal(0))
        self.given_document(self.bojans_firm, self.bojans_points[0], "RAC-26-3", open_eur=Decimal(5))
        self.given_contract(self.anas_payer, self.anas_house, ends_on=date(2027, 1, 31))
        path = self.makes_address()
        answer = Visitor().opens(path)
        text = answer.content.decode()
        assert answer["Content-Type"].startswith("text/calendar") and "private" in answer["Cache-Control"]
        for part in ("DTSTART;VALUE=DATE:20261130", "RAC-26-1", "OGR-2024/1184", "DTSTART;VALUE=DATE:20270131", "Dom"):
            assert part in text
        for part in ("RAC-26-2", "RAC-26-3", "136,84", "136.84", "Novak", "20418837"):
            assert part not in text
        assert Visitor().opens(path).content == answer.content

    def test_the_address_is_copied_or_opened_in_the_calendar_of_the_device(self):
        html = self.ana.sends(PAGE, status=200).content.decode()
        shown = re.search(r'value="(https?:(//[^"]+\.ics))"', html)
        assert f'data-copy="{shown[1]}"' in html and f'href="webcal:{shown[2]}"' in html

    def test_the_address_is_shown_once_and_kept_as_a_hash(self):
        path = self.makes_address()
        token = path.removesuffix(".ics").rsplit("/", 1)[1]
        assert token not in self.ana.opens(PAGE).content.decode()
        assert token not in CalendarAddress.objects.get().token_hash and len(token) >= 43

    def test_a_new_address_ends_the_former_and_one_turned_off_shows_nothing(self):
        first = self.makes_address()
        second = self.makes_address()
        Visitor().opens(first, status=404)
        Visitor().opens(second)
        self.ana.follows(self.ana.sends(PAGE, {"act": "off"}))
        Visitor().opens(second, status=404)
        Visitor().opens("/koledar/x.ics", status=404)
