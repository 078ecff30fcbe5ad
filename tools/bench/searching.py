"""How long the office's search takes in the large database: the slowest of these questions, each the median of seven."""

import statistics
import time

from django.utils import timezone

from mojplin.domain.office.search import find

ROUNDS = 7
QUESTIONS = (
    "pl", "placnik", "plačnik 77", "kamnik", "ulica 17", "20012345", "200", "1 0000123", "10000123", "30001234",
    "prejemnik 999", "D-55555", "D-", "ZD-1234", "OGR-777", "N-2026", "xyzzy",
)  # fmt: skip


def slowest_ms() -> float:
    """Return milliseconds; the page around it and the record of who was shown are not in it."""
    today = timezone.localdate()

    def milliseconds(question: str) -> float:
        began = time.perf_counter()
        find(question, today=today)
        return (time.perf_counter() - began) * 1000

    medians = {each: statistics.median(milliseconds(each) for _round in range(ROUNDS)) for each in QUESTIONS}
    for question, median in medians.items():
        print(f"search {question!r}: {median:.1f} ms", flush=True)
    return max(medians.values())
