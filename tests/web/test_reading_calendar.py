"""The calendar of reading windows: whole days, the same every time, and only for a place with a meter."""

from datetime import date

import time_machine
from icalendar import Calendar

from tests.cast import PortalTestCase, moment

CALENDAR = "/poraba/odcitki.ics"


@time_machine.travel(moment(2026, 11, 26))
class ReadingCalendar(PortalTestCase):
    def setUp(self):
        self.given_cast()

    def events(self, **query):
        book = Calendar.from_ical(self.ana.opens(CALENDAR, **query).content)
        return [each for each in book.walk("VEVENT")]

    def test_the_next_twelve_windows_are_whole_days_with_a_reminder(self):
        events = self.events()
        assert len(events) == 12
        first, last = events[0], events[-1]
        assert (first.decoded("dtstart"), first.decoded("dtend")) == (date(2026, 11, 25), date(2026, 12, 1))
        assert last.decoded("dtstart") == date(2027, 10, 25)
        assert events[3].decoded("dtend") == date(2027, 3, 1), "February ends on the 28th"
        assert str(first["summary"]) == "Sporočite stanje števca: Dom"
        assert f"place={self.anas_house.public_id}" in first["url"]
        assert len(first.walk("VALARM")) == 1

    def test_taken_again_a_window_keeps_its_name(self):
        with time_machine.travel(moment(2026, 12, 3)):
            self.ana.is_signed_in()
            later = self.events()
        assert [each["uid"] for each in self.events()[1:]] == [each["uid"] for each in later[:-1]]

    def test_a_place_without_a_meter_has_none_and_neither_has_that_of_another(self):
        tank = self.given_supply_point(self.anas_payer, "1042-8000", kind="bulk")
        self.given_link(self.ana, self.anas_payer, tank, "Delavnica")
        self.ana.opens(CALENDAR, place=tank.public_id, status=404)
        self.bojan.opens(CALENDAR, place=self.anas_house.public_id, status=404)
