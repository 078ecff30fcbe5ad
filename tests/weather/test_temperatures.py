"""Daily temperatures come in by file and by network, are corrected, and reach the model."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from mojplin.domain.metering.climate import normal_climate
from mojplin.domain.metering.home_shapes import THRESHOLDS_C
from mojplin.domain.metering.models import DayTemperature, TownWeather
from mojplin.domain.metering.temperatures import DayMean, climate_of, take_in_temperatures
from mojplin.interfaces.weather.csv_file import WrongFile, days_of
from mojplin.interfaces.weather.extending import extend_temperatures
from mojplin.interfaces.weather.sources import Arso, OpenMeteo, SourceFailed

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def mean(town, day, mean_c):
    return DayMean(town, day, Decimal(mean_c))


def degrees(climate, day, threshold=15):
    index = THRESHOLDS_C.index(threshold)
    return climate.until(index, day.toordinal()) - climate.until(index, day.toordinal() - 1)


class TakingIn(TestCase):
    def test_days_are_kept_corrected_and_seen_by_the_model_at_once(self):
        day = date(2026, 1, 10)
        self.assertIs(climate_of("Celje"), normal_climate("Celje"))
        first = take_in_temperatures([mean("Celje", day, "-3.24"), mean("Maribor", day, "1")])
        self.assertEqual((first.new, first.changed), (2, 0))
        self.assertAlmostEqual(degrees(climate_of("Celje"), day), 18.2)

        again = take_in_temperatures([mean("Celje", day, "-3.2")])
        self.assertEqual((again.new, again.changed), (0, 0))
        with self.assertNumQueries(1):
            known = climate_of("Celje")

        corrected = take_in_temperatures([mean("Celje", day, "-5"), mean("Celje", day + timedelta(1), "0")])
        self.assertEqual((corrected.new, corrected.changed), (1, 1))
        self.assertAlmostEqual(degrees(climate_of("Celje"), day), 20)
        self.assertIsNot(climate_of("Celje"), known)

    def test_a_file_is_taken_in_by_its_command(self):
        taken = self.command("date,Ljubljana,Novo_Mesto\n2026-11-23,3.4,4.1\n2026-11-24,2.9,\n")
        self.assertEqual(taken, "3 days of towns read: 3 new, 0 changed.\n")
        self.assertEqual(DayTemperature.objects.get(town="Novo mesto").mean_c, Decimal("4.1"))

    def test_a_file_with_a_mistake_changes_nothing_and_each_mistake_is_named(self):
        with self.assertRaises(CommandError) as refused:
            self.command("date,Ljubljana,Celje\n2026-11-23,3.4,51\n23. 11. 2026,1,1\n2026-11-24,2\n2026-11-25,NaN,1\n")
        said = str(refused.exception)
        for fault in (
            "line 2, Celje: not a temperature: 51",
            "line 3: not a day",
            "line 4: 2 cells",
            "line 5, Ljubljana",
        ):
            self.assertIn(fault, said)
        self.assertFalse(DayTemperature.objects.exists())

    def test_a_missing_file_is_a_sentence(self):
        with self.assertRaisesRegex(CommandError, "cannot be read"):
            call_command("take_in_temperatures", "/nowhere/at/all.csv")

    def command(self, text):
        with TemporaryDirectory() as folder:
            file = Path(folder) / "t.csv"
            file.write_text(text)
            said = StringIO()
            call_command("take_in_temperatures", file, stdout=said)
        return said.getvalue()


@pytest.mark.parametrize("header", ["", "day,Celje", "date", "date,Zagreb"])
def test_a_header_that_is_none_is_refused(header):
    with pytest.raises(WrongFile, match="line 1"):
        days_of([header])


# The network: a far end on this machine answers in the shapes of the services.


class FarEnd:
    """A server on the loopback that answers every request with `answer(query)`."""

    def __init__(self, answer):
        self.asked = []
        far = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                far.asked.append(query)
                status, body = answer(query)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/archive"

    def __enter__(self):
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_fault):
        self.server.shutdown()
        self.server.server_close()


def open_meteo(query):
    first, last = date.fromisoformat(query["start_date"]), date.fromisoformat(query["end_date"])
    days = [first + timedelta(offset) for offset in range((last - first).days + 1)][-6:]
    daily = {
        "time": [day.isoformat() for day in days],
        "temperature_2m_mean": [None if day == last else round(float(query["latitude"]) - 40, 1) for day in days],
    }
    return 200, json.dumps({"latitude": 46.1, "daily_units": {"temperature_2m_mean": "°C"}, "daily": daily})


def arso(query):
    # 1 November 2026 is so many minutes after the beginning of 1800.
    start = int((datetime(2026, 11, 1) - datetime(1800, 1, 1)).total_seconds()) // 60
    points = ",\n".join(
        f'_{start + 1440 * offset}:{{p0:"{value}"}}' for offset, value in enumerate(("7.4", "", "-0.3"))
    )
    params = '{p0:{pid:"35",name:"t2m_klima",s:"povp. T",l:"povprečna temperatura: dnevna [°C]",unit:"°C"}}'
    return 200, (
        '<?xml version="1.0" encoding="UTF-8"?>\n<pujs><![CDATA[AcademaPUJS.set({ o:{},\npoints:{ '
        f"_{query['id']}:{{{points}}}}},\nparams:{params}}})]]></pujs>"
    )


def test_the_archive_of_open_meteo_is_understood():
    with FarEnd(open_meteo) as far:
        days = OpenMeteo(far.url, key="abc").days("Celje", date(2026, 11, 20), date(2026, 11, 22))
    assert days == [mean("Celje", date(2026, 11, 20), "6.2"), mean("Celje", date(2026, 11, 21), "6.2")]
    assert far.asked[0] == {
        "latitude": "46.236", "longitude": "15.268", "start_date": "2026-11-20", "end_date": "2026-11-22",
        "daily": "temperature_2m_mean", "timezone": "Europe/Ljubljana", "apikey": "abc",
    }  # fmt: skip


def test_the_archive_of_arso_is_understood():
    with FarEnd(arso) as far:
        source = Arso(far.url, {"Ljubljana": "1895"})
        days = source.days("Ljubljana", date(2026, 11, 1), date(2026, 11, 3))
        assert source.days("Koper", date(2026, 11, 1), date(2026, 11, 3)) == []
    assert days == [mean("Ljubljana", date(2026, 11, 1), "7.4"), mean("Ljubljana", date(2026, 11, 3), "-0.3")]
    assert len(far.asked) == 1
    assert far.asked[0] | {"lang": "si"} == {
        "lang": "si", "vars": "35", "group": "dailyData0", "type": "daily", "id": "1895", "d1": "2026-11-01",
        "d2": "2026-11-03",
    }  # fmt: skip


@pytest.mark.parametrize("answer", [(500, ""), (200, "<html>"), (200, '{"daily": {}}'), (200, '{"error": true}')])
def test_another_answer_fails_the_source_and_nothing_else(answer):
    with FarEnd(lambda _query: answer) as far:
        with pytest.raises(SourceFailed):
            OpenMeteo(far.url).days("Celje", date(2026, 11, 20), date(2026, 11, 22))
        with pytest.raises(SourceFailed):
            Arso(far.url, {"Celje": "1"}).days("Celje", date(2026, 11, 20), date(2026, 11, 22))


class Extending(TestCase):
    def test_the_days_since_the_last_known_one_are_asked_for_with_a_few_before(self):
        take_in_temperatures([mean("Celje", date(2026, 11, 20), "1")])
        with FarEnd(open_meteo) as far, override_settings(WEATHER_SOURCE="open_meteo", WEATHER_URL=far.url):
            extend_temperatures(NOW)
        celje = next(each for each in far.asked if each["latitude"] == "46.236")
        self.assertEqual((celje["start_date"], celje["end_date"]), ("2026-11-10", "2026-11-24"))
        self.assertEqual(len(far.asked), 18)
        known = DayTemperature.objects.filter(town="Celje", on__gte=date(2026, 11, 20)).order_by("on")
        self.assertEqual([str(each.mean_c) for each in known], ["6.2"] * 4)

    def test_the_same_days_are_not_asked_for_every_hour(self):
        with FarEnd(open_meteo) as far, override_settings(WEATHER_SOURCE="open_meteo", WEATHER_URL=far.url):
            extend_temperatures(NOW)
            extend_temperatures(NOW + timedelta(hours=5))
            self.assertEqual(len(far.asked), 18)
            extend_temperatures(NOW + timedelta(hours=6))
            self.assertEqual(len(far.asked), 36)

    def test_a_source_that_fails_for_one_town_is_asked_for_the_others(self):
        def moody(query):
            return (503, "") if query["latitude"] == "46.236" else open_meteo(query)

        with FarEnd(moody) as far, override_settings(WEATHER_SOURCE="open_meteo", WEATHER_URL=far.url):
            extend_temperatures(NOW)
        towns = set(DayTemperature.objects.values_list("town", flat=True).distinct())
        self.assertEqual(len(towns), 17)
        self.assertNotIn("Celje", towns)

    def test_without_a_source_nobody_is_asked(self):
        extend_temperatures(NOW)
        self.assertFalse(TownWeather.objects.exists())


def test_the_demo_writes_a_file_that_can_be_taken_in(tmp_path):
    file = tmp_path / "temperatures.csv"
    call_command("demo_temperatures", file, until=TODAY, stdout=StringIO())
    lines = file.read_text().splitlines()
    assert re.match(r"date,Celje,Domžale,", lines[0])
    assert lines[-1].startswith("2026-11-24,")
    assert len(days_of(lines[:3])) == 36
