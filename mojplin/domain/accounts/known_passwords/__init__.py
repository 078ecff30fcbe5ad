"""Passwords thieves already have, as hashes: asked on this machine, nothing leaves it.

`digests.bin` holds the first five bytes of the SHA-256 of each known password of at least 12 characters (folded to
lower case), sorted, one after another; `python -m tools.known_passwords` makes it. Where it comes from: NOTICE.txt.
An unknown password is taken for a known one with a chance of 44,021 in 2^40, one in 25 million.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

DIGEST_BYTES = 5
FILE = Path(__file__).parent / "digests.bin"


def is_known(password: str) -> bool:
    """Return whether thieves have this password, in whatever case of letters."""
    return digest(password) in _digests()


def digest(password: str) -> bytes:
    return hashlib.sha256(password.casefold().encode()).digest()[:DIGEST_BYTES]


@lru_cache(maxsize=1)
def _digests() -> "SortedDigests":
    return SortedDigests(FILE.read_bytes())


class SortedDigests:
    """Digests of equal length, sorted, searched where they lie: a set of them would take twenty times the memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data) // DIGEST_BYTES

    def __getitem__(self, index: int) -> bytes:
        return self.data[index * DIGEST_BYTES : (index + 1) * DIGEST_BYTES]

    def __contains__(self, wanted: bytes) -> bool:
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        return low < len(self) and self[low] == wanted
