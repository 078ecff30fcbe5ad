"""The symbol of a UPN QR code: always version 15, error correction M, ECI 4, with the mask the QR standard asks for.

Of eight masks the one with the least penalty is taken (ISO/IEC 18004, 7.8.3), the quiet zone counted as light: the
standard's own examples come out module by module. A whole symbol is one number, a bit for each module and four light
ones between rows, so that all eight masks are judged in a millisecond.
"""

from collections.abc import Iterable
from functools import lru_cache

import segno

SIZE, QUIET = 77, 4
STRIDE = SIZE + QUIET
MASKS = range(8)
_PAIRS = sum(((1 << (SIZE - 1)) - 1) << STRIDE * row for row in range(SIZE))
"""Where a module has a neighbour in its row."""
_PATTERN = range(11)
_LIKE_CORNERS = (0b10111010000, 0b00001011101)
"""Looks like the mark of a corner, with four light modules before or after it."""


@lru_cache(maxsize=128)
def symbol(payload: bytes) -> segno.QRCode:
    """Return the QR code of a payload (ISO 8859-2, at most 411 bytes)."""
    code = _made(payload, 0)
    by_rows, by_columns = _numbers(code)
    penalties = []
    for mask in MASKS:
        rows_turned, columns_turned = _turned_over(mask)
        penalties.append(_penalty(by_rows ^ rows_turned, by_columns ^ columns_turned))
    best = penalties.index(min(penalties))
    if best:  # turned over here: encoding once more takes longer than all the rest
        code.matrix, code.mask = _matrix(by_rows ^ _turned_over(best)[0]), best
    return code


def _made(payload: bytes, mask: int) -> segno.QRCode:
    return segno.make(
        payload, version=15, error="M", boost_error=False, mode="byte", encoding="iso-8859-2", eci=True, micro=False,
        mask=mask,
    )  # fmt: skip


def _numbers(code: segno.QRCode) -> tuple[int, int]:
    """Return the symbol as a number, read by rows and read by columns."""
    return _number(code.matrix), _number(zip(*code.matrix, strict=True))


def _number(lines: Iterable[Iterable[int]]) -> int:
    return int(("0" * QUIET).join("".join("1" if module else "0" for module in line) for line in lines), 2)


def _matrix(by_rows: int) -> tuple[bytearray, ...]:
    """Return what `_numbers` made a number of."""
    modules = f"{by_rows:0{SIZE * STRIDE - QUIET}b}"
    return tuple(bytearray(map(int, modules[start : start + SIZE])) for start in range(0, len(modules), STRIDE))


@lru_cache(maxsize=len(MASKS))
def _turned_over(mask: int) -> tuple[int, int]:
    """Return which modules a mask turns over that mask 0 does not: the same ones of every payload."""
    rows, columns = _numbers(_made(b"UPNQR", 0))
    other_rows, other_columns = _numbers(_made(b"UPNQR", mask))
    return rows ^ other_rows, columns ^ other_columns


def _penalty(by_rows: int, by_columns: int) -> int:
    off_balance = abs(by_rows.bit_count() * 20 - SIZE * SIZE * 10) // (SIZE * SIZE)
    lines = sum(_runs(number) + 40 * _like_corners(number) for number in (by_rows, by_columns))
    return lines + 3 * _blocks(by_rows) + 10 * off_balance


def _alike(number: int) -> int:
    """Return which modules are of the colour of their neighbour in the row."""
    return ~(number ^ (number >> 1)) & _PAIRS


def _runs(number: int) -> int:
    """Return 3 for every five modules alike beside one another, and 1 for each further one."""
    alike = _alike(number)
    five = alike & (alike >> 1) & (alike >> 2) & (alike >> 3)
    return five.bit_count() + 2 * (five & ~(five << 1)).bit_count()


def _blocks(number: int) -> int:
    """Return how many squares of two by two are of one colour."""
    alike = _alike(number)
    return (alike & (alike >> STRIDE) & ~(number ^ (number >> STRIDE))).bit_count()


def _like_corners(number: int) -> int:
    return sum(_matches(number << QUIET, pattern) for pattern in _LIKE_CORNERS)


def _matches(number: int, pattern: int) -> int:
    found = (1 << number.bit_length()) - 1
    for at in _PATTERN:
        found &= number >> at if pattern >> at & 1 else ~(number >> at)
    return found.bit_count()
