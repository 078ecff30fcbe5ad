"""The nearest town with known weather."""

import pytest

from mojplin.domain.metering.climate_normals import TOWNS
from mojplin.domain.metering.towns import FIRST_POST_CODES, known_town, nearest_town, weather_town


@pytest.mark.parametrize(
    ("post_code", "town"),
    [
        ("1000", "Ljubljana"), ("1241", "Domžale"), ("1380", "Postojna"), ("1330", "Kočevje"), ("2250", "Ptuj"),
        ("2390", "Velenje"), ("3270", "Celje"), ("4265", "Rateče"), ("4240", "Kranj"), ("5230", "Tolmin"),
        ("5270", "Nova Gorica"), ("6250", "Ilirska Bistrica"), ("6320", "Koper"), ("8250", "Novo mesto"),
        ("9240", "Murska Sobota"), ("SI-2000", "Maribor"), (" 1420 ", "Trbovlje"), ("34170", "Ljubljana"),
        ("", "Ljubljana"),
    ],
)  # fmt: skip
def test_a_post_code_leads_to_the_nearest_town(post_code, town):
    assert nearest_town(post_code) == town


def test_the_post_codes_are_in_order_and_name_known_towns_in_valleys():
    starts = [start for start, _town in FIRST_POST_CODES]
    assert starts == sorted(set(starts))
    assert {town for _start, town in FIRST_POST_CODES} == set(TOWNS) - {"Kredarica"}


def test_the_town_that_the_supplier_names_is_taken_whatever_its_spelling():
    assert weather_town("NOVO MESTO", "1000") == "Novo mesto"
    assert weather_town("Murska_Sobota", "1000") == "Murska Sobota"
    assert weather_town("Kamnik", "1241") == "Domžale"
    assert known_town("Domzale") == "Domžale"
    assert known_town("") is None
