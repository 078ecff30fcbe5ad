"""Which of the 18 towns with known weather is nearest to a place: by its post code, with an eye to its height."""

from bisect import bisect_right

from mojplin.domain.metering.climate_normals import TOWNS

FIRST_POST_CODES: tuple[tuple[int, str], ...] = (
    (1000, "Ljubljana"), (1219, "Domžale"), (1260, "Ljubljana"), (1270, "Trbovlje"), (1281, "Trbovlje"),
    (1290, "Ljubljana"), (1301, "Novo mesto"), (1310, "Kočevje"), (1351, "Ljubljana"), (1370, "Postojna"),
    (1410, "Trbovlje"), (2000, "Maribor"), (2250, "Ptuj"), (2310, "Maribor"), (2321, "Ptuj"), (2327, "Maribor"),
    (2360, "Velenje"), (3000, "Celje"), (3310, "Velenje"), (4000, "Kranj"), (4264, "Rateče"), (4270, "Kranj"),
    (4280, "Rateče"), (4290, "Kranj"), (5000, "Nova Gorica"), (5216, "Tolmin"), (5250, "Nova Gorica"),
    (5280, "Tolmin"), (5290, "Nova Gorica"), (6000, "Koper"), (6210, "Nova Gorica"), (6230, "Postojna"),
    (6240, "Ilirska Bistrica"), (6257, "Postojna"), (6271, "Koper"), (8000, "Novo mesto"), (9000, "Murska Sobota"),
)  # fmt: skip
"""From this post code on, until the next one here, the town is nearest."""

ELSEWHERE = "Ljubljana"
_STARTS = [start for start, _town in FIRST_POST_CODES]
_FOLDED = str.maketrans("čšžćđ_", "cszcd ")


def weather_town(climate_town: str, post_code: str) -> str:
    """Return the town whose weather a place has: the one the supplier names, else the nearest by post code."""
    return known_town(climate_town) or nearest_town(post_code)


def nearest_town(post_code: str) -> str:
    code = post_code.strip().upper().removeprefix("SI-").removeprefix("SI")
    if not (code.isdecimal() and len(code) == 4 and int(code) >= FIRST_POST_CODES[0][0]):
        return ELSEWHERE
    return FIRST_POST_CODES[bisect_right(_STARTS, int(code)) - 1][1]


def known_town(name: str) -> str | None:
    """Return the town as it is written here, whatever the case, marks and underscores of the name."""
    return _BY_FOLDED_NAME.get(_folded(name))


def _folded(name: str) -> str:
    return " ".join(name.casefold().translate(_FOLDED).split())


_BY_FOLDED_NAME = {_folded(town): town for town in TOWNS}
