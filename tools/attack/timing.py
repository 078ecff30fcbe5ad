"""What answers take, measured in rounds: one of each kind, in an order drawn by lot, compared within the round.

So a machine that is busy for a while is busy for all of them.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any


@dataclass
class Taken:
    """What the answers of one kind took, one value for each round."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    """Of this process alone: what else runs on the machine hardly shows in it."""

    def timed(self, ask: Callable[[], Any]) -> Any:
        """Ask, note what it took, and return the answer."""
        wall, cpu = time.perf_counter(), time.process_time()
        answer = ask()
        self.wall_ms.append((time.perf_counter() - wall) * 1000)
        self.cpu_ms.append((time.process_time() - cpu) * 1000)
        return answer


def figures_of(taken: dict[str, Taken]) -> dict[str, Any]:
    """Return the median times of each kind, and how far apart two kinds are at most, in the median over the rounds."""
    kinds = {
        kind: {"wall_ms": statistics.median(each.wall_ms), "cpu_ms": statistics.median(each.cpu_ms)}
        for kind, each in taken.items()
    }
    pairs = list(combinations(taken.values(), 2))
    wall, cpu = (max(_apart(getattr(a, what), getattr(b, what)) for a, b in pairs) for what in ("wall_ms", "cpu_ms"))
    return {"kinds": kinds, "wall_apart_ms": wall, "cpu_apart_ms": cpu}


def _apart(one: list[float], other: list[float]) -> float:
    return abs(statistics.median(mine - theirs for mine, theirs in zip(one, other, strict=True)))
