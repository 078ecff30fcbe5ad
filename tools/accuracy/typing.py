"""A5, A6, A7: true readings that are questioned, and slips of the keyboard that are noticed.

The homes are those of `homes.as_gas_homes`, with a counter of five digits.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from mojplin.domain.metering.heating_model import Interval, Model, fitted
from mojplin.domain.metering.reading_check import Last, check_reading
from tools.accuracy.homes import Home

DIGITS = 5
MATERIAL_SHARE = Decimal("0.5")
"""A slip counts where it is farther off than half of what was used since the last reading."""
SURE_KINDS = ("times 10", "times 1000", "divided by 10", "digit lost", "digit doubled", "same again")
"""Those of A7."""


@dataclass(frozen=True)
class Typed:
    """What the check said: of true readings (`true`), and of the slips of each kind that matter."""

    true: Counter[str]
    slips: dict[str, Counter[str]]

    @property
    def questioned_percent(self) -> float:
        return 100 * (self.true["ask"] + self.true["block"]) / self.true.total()

    def caught_percent(self, kinds: Sequence[str]) -> tuple[float, int]:
        """Return how many of a hundred slips of those kinds were noticed, and of how many."""
        said = sum((self.slips[kind] for kind in kinds), Counter())
        return 100 * (said["ask"] + said["block"]) / said.total(), said.total()


def typed(homes: Sequence[Home]) -> Typed:
    counters = {home.name: _counters(home) for home in homes}
    said = Typed(Counter(), {})
    for home in homes:
        uses, climate = home.readings, home.climate
        for index in range(1, len(uses)):
            model = fitted(uses[:index], climate)
            last, true = counters[home.name][index : index + 2]
            others = [each[min(index + 1, len(each) - 1)] for name, each in counters.items() if name != home.name]
            said.true[_outcome(true, uses[index], last, model)] += 1
            for value, kind in _slips(true, last, others).items():
                if abs(value - true) > MATERIAL_SHARE * (true - last):
                    outcome = _outcome(value, uses[index], last, model)
                    said.slips.setdefault(kind, Counter())[outcome] += 1
    return said


def _counters(home: Home) -> list[int]:
    """Return the counter before the first of the home's uses and after each, in whole cubic metres as it shows them."""
    exact = Decimal(Random(home.name).randint(1_000, 60_000))
    found = [int(exact)]
    for each in home.readings:
        exact += each.used
        found.append(int(exact))
    return found


def _outcome(value: int, interval: Interval, last: int, model: Model) -> str:
    before = Last(interval.after, Decimal(last))
    return check_reading(Decimal(value), on=interval.until, last=before, model=model, digits=DIGITS).outcome


def _slips(true: int, last: int, others: Sequence[int]) -> dict[int, str]:
    """Return each wrong value a hand can type, at every place of the counter, with what made it first."""
    text = str(true).zfill(DIGITS)
    found: dict[int, str] = {}
    for kind, value in (("times 10", 10 * true), ("times 1000", 1000 * true), ("divided by 10", true // 10)):
        found.setdefault(value, kind)
    found.setdefault(last, "same again")
    for kind, value in _slips_of_places(text):
        found.setdefault(value, kind)
    for other in others:
        found.setdefault(other, "another meter")
    return found


def _slips_of_places(text: str) -> Iterator[tuple[str, int]]:
    for place, digit in enumerate(text):
        before, after = text[:place], text[place + 1 :]
        yield "digit lost", int(before + after)
        yield "digit doubled", int(before + 2 * digit + after)
        if after and after[0] != digit:
            yield "two swapped", int(before + after[0] + digit + after[1:])
        yield from (("one digit wrong", int(before + other + after)) for other in "0123456789" if other != digit)
