"""How the portal writes numbers, money, quantities, dates and times, in Slovene and in English.

Pure functions of a value and a language, "sl" or "en" (`active_language`: the reader's); anything else is a
programmer's error. Spaces inside one value are hard (U+00A0), minus is U+2212. Amounts are rounded half up, as on an
invoice.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

Language = Literal["sl", "en"]
Case = Literal["nominative", "genitive", "accusative"]
Number = Decimal | int

HARD_SPACE = "\u00a0"
MINUS = "\u2212"
HERE = ZoneInfo("Europe/Ljubljana")

_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(7))

_MONTHS: dict[Language, Sequence[str]] = {
    "sl": [
        "januar",
        "februar",
        "marec",
        "april",
        "maj",
        "junij",
        "julij",
        "avgust",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_MONTHS_OF: dict[Language, Sequence[str]] = {
    "sl": [
        "januarja",
        "februarja",
        "marca",
        "aprila",
        "maja",
        "junija",
        "julija",
        "avgusta",
        "septembra",
        "oktobra",
        "novembra",
        "decembra",
    ],
    "en": _MONTHS["en"],
}
_MONTHS_SHORT: dict[Language, Sequence[str]] = {
    "sl": ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "avg", "sep", "okt", "nov", "dec"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_WEEKDAYS: dict[Case, Sequence[str]] = {
    "nominative": ["ponedeljek", "torek", "sreda", "četrtek", "petek", "sobota", "nedelja"],
    "genitive": ["ponedeljka", "torka", "srede", "četrtka", "petka", "sobote", "nedelje"],
    "accusative": ["ponedeljek", "torek", "sredo", "četrtek", "petek", "soboto", "nedeljo"],
}
_WEEKDAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def active_language() -> Language:
    """Return the language in which the person reads what is written now."""
    return "en" if (get_language() or "").startswith("en") else "sl"


def language_of(code: str) -> Language:
    """Return the language that somebody chose, as a row keeps it."""
    return "en" if code == "en" else "sl"


def number(value: Number, language: Language, places: int = 0, *, grouped: bool = True) -> str:
    """Return the value with exactly `places` decimals: 12.251 or 1,6 (sl), 12,251 or 1.6 (en)."""
    rounded = Decimal(value).quantize(_STEPS[places], ROUND_HALF_UP)
    whole, point, fraction = str(rounded).lstrip("-").partition(".")  # quicker than Decimal's own format
    if grouped and len(whole) > 3:
        whole = f"{int(whole):,}"
    if language == "sl":
        whole, point = whole.replace(",", "."), point and ","
    digits = f"{whole}{point}{fraction}"
    return f"{MINUS}{digits}" if rounded < 0 else digits


def signed(value: Number, language: Language, places: int = 0) -> str:
    """Return a difference with its sign: +4, −13, and 0 without one."""
    written = number(value, language, places)
    return f"+{written}" if Decimal(value).quantize(_STEPS[places], ROUND_HALF_UP) > 0 else written


def euros(amount_eur: Number, language: Language, places: int = 2) -> str:
    """Return 1.284,50 € (sl) or €1,284.50 (en)."""
    return _with_euro_sign(number(amount_eur, language, places), language)


def unit_price(price_eur: Number, language: Language, unit: str = "") -> str:
    """Return a price with as many decimals as it has, two to four: 1,9140 €, and with a unit 2,34 €/m³."""
    price = Decimal(price_eur)
    places = 2 if price == price.quantize(_STEPS[2]) else 4
    written = _with_euro_sign(number(price, language, places), language)
    return f"{written}/{unit}" if unit else written


def percent(value: Number, language: Language, places: int = 1) -> str:
    """Return 3,9 % (sl) or 3.9% (en); the value is already in percent."""
    written = number(value, language, places)
    return f"{written}{HARD_SPACE}%" if language == "sl" else f"{written}%"


def cubic_metres(value_m3: Number, language: Language, *, grouped: bool = False) -> str:
    """Return a counter or a quantity of gas: 4312 m³, with three decimals only where it is not whole.

    A counter is written without a thousands separator, as it stands on the meter; `grouped` is for quantities.
    """
    return quantity(value_m3, "m³", language, grouped=grouped)


def kilowatt_hours(value_kwh: Number, language: Language) -> str:
    """Return whole kilowatt-hours: 12.251 kWh."""
    return f"{number(value_kwh, language)}{HARD_SPACE}kWh"


def litres(value_l: Number, language: Language) -> str:
    """Return litres, with three decimals only where they are not whole: 1.200 l."""
    return quantity(value_l, "l", language)


def quantity(value: Number, unit: str, language: Language, *, grouped: bool = True) -> str:
    """Return a quantity with its unit; whole, or with three decimals."""
    exact = Decimal(value)
    places = 0 if exact == exact.to_integral_value() else 3
    return f"{number(exact, language, places, grouped=grouped)}{HARD_SPACE}{unit}"


@lru_cache(maxsize=4096)
def day(value: date, language: Language) -> str:
    """Return a date for tables and labels: 26. 11. 2026 (sl), 26 Nov 2026 (en)."""
    on = _day_here(value)
    if language == "sl":
        return HARD_SPACE.join((f"{on.day}.", f"{on.month}.", f"{on.year}"))
    return HARD_SPACE.join((f"{on.day}", _MONTHS_SHORT["en"][on.month - 1], f"{on.year}"))


def day_in_sentence(value: date, language: Language, *, year: bool = False) -> str:
    """Return a date inside a sentence: 26. novembra (sl), 26 November (en), with the year if asked."""
    on = _day_here(value)
    dot = "." if language == "sl" else ""
    written = f"{on.day}{dot}{HARD_SPACE}{_MONTHS_OF[language][on.month - 1]}"
    return f"{written} {on.year}" if year else written


def weekday_day(value: date, language: Language, case: Case = "genitive") -> str:
    """Return a deadline with its weekday: »ponedeljka, 30. novembra« (do ...), "Monday, 30 November" (until ...).

    The case is that of the Slovene weekday: genitive after »do« and »od«, nominative in »rok je«, accusative
    after »v«.
    """
    on = _day_here(value)
    names = _WEEKDAYS[case] if language == "sl" else _WEEKDAYS_EN
    return f"{names[on.weekday()]}, {day_in_sentence(on, language)}"


def weekdays(first: int, last: int, language: Language) -> str:
    """Return days of the week from one to another (0 = Monday): »od ponedeljka do petka«, "Monday to Friday"."""
    if first == last:
        return _WEEKDAYS["nominative"][first] if language == "sl" else _WEEKDAYS_EN[first]
    if language == "en":
        return f"{_WEEKDAYS_EN[first]} to {_WEEKDAYS_EN[last]}"
    return f"od {_WEEKDAYS['genitive'][first]} do {_WEEKDAYS['genitive'][last]}"


def day_range(first_on: date, last_on: date, language: Language) -> str:
    """Return a period by its first and last day, both included: 1. 10. do 31. 10. 2026 (sl)."""
    first, last = _day_here(first_on), _day_here(last_on)
    if language == "en":
        return f"{day(first, language)} to {day(last, language)}"
    start = day(first, language) if first.year != last.year else f"{first.day}.{HARD_SPACE}{first.month}."
    return f"{start} do {day(last, language)}"


def month_name(value: date, language: Language, *, year: bool = True) -> str:
    """Return oktober 2026 (sl) or October 2026 (en), or the month alone."""
    name = _MONTHS[language][value.month - 1]
    return f"{name} {value.year}" if year else name


def month_genitive(value: date, language: Language, *, year: bool = False) -> str:
    """Return the month in the Slovene genitive, as in »do konca oktobra«; in English as it is."""
    name = _MONTHS_OF[language][value.month - 1]
    return f"{name} {value.year}" if year else name


def month_short(value: date, language: Language) -> str:
    """Return the three letters under a chart: okt, Oct."""
    return _MONTHS_SHORT[language][value.month - 1]


def clock(value: datetime | time, language: Language) -> str:
    """Return 18.47 (sl) or 18:47 (en); an instant is shown as the clock in Ljubljana shows it."""
    moment = value.astimezone(HERE) if isinstance(value, datetime) and value.tzinfo else value
    return f"{moment.hour}.{moment:%M}" if language == "sl" else f"{moment:%H:%M}"


def masked_email(address: str) -> str:
    """Return ma•••••@example.si: enough to recognise one's own address, too little to learn somebody else's.

    The number of dots is fixed, so that it does not tell the length.
    """
    name, _, domain = address.rpartition("@")
    return f"{name[: min(2, len(name) - 1)]}•••••@{domain}"


def days_ago(value: date, today: date) -> int:
    """Return how many calendar days in Ljubljana lie between a date, or an instant, and today."""
    return (today - _day_here(value)).days


def _day_here(value: date) -> date:
    """Return the calendar day in Ljubljana, of a date or of an instant."""
    if isinstance(value, datetime):
        return value.astimezone(HERE).date() if value.tzinfo else value.date()
    return value


def _with_euro_sign(written: str, language: Language) -> str:
    if language == "sl":
        return f"{written}{HARD_SPACE}€"
    return f"{MINUS}€{written[1:]}" if written.startswith(MINUS) else f"€{written}"
