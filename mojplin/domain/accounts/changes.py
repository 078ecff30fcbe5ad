"""What differs between two versions of a text in Markdown, word by word, as a person reads it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

Kind = Literal["same", "gone", "new"]
BLOCK_ENDS = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.)\s)|\n(?=#)")
WORDS = re.compile(r"\s+|\w+|[^\w\s]")
ALIKE = 0.4
"""Paragraphs less alike than this are shown one after the other: word by word they would be a patchwork."""


@dataclass(frozen=True)
class Piece:
    text: str
    kind: Kind


@dataclass(frozen=True)
class ChangedSection:
    """The paragraphs that changed under one heading of the new text."""

    heading: str
    paragraphs: list[list[Piece]] = field(default_factory=list)


def changed_sections(old: str, new: str) -> list[ChangedSection]:
    """Return what changed, in the order of the new text; an empty list means that nothing did."""
    before, after = blocks(old), blocks(new)
    sections: list[ChangedSection] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for offset, (was, now) in enumerate(zip_longest(before[i1:i2], after[j1:j2], fillvalue="")):
            heading = heading_above(after, min(j1 + offset, len(after) - 1), itself=not now or now.startswith("#"))
            if not sections or sections[-1].heading != heading:
                sections.append(ChangedSection(heading))
            sections[-1].paragraphs.extend(changed_paragraphs(was, now))
    return sections


def blocks(text: str) -> list[str]:
    """Return headings, paragraphs and items of lists, each on one line."""
    found = (" ".join(block.split()) for block in BLOCK_ENDS.split(text.strip()))
    return [block for block in found if block]


def heading_above(after: list[str], position: int, *, itself: bool) -> str:
    """Return the nearest heading above a block of the new text; `itself` counts the block at the position too."""
    for block in reversed(after[: position + itself]):
        if block.startswith("#"):
            return plain(block)
    return ""


def plain(block: str) -> str:
    return block.lstrip("# ")


def changed_paragraphs(was: str, now: str) -> Iterator[list[Piece]]:
    """Yield one paragraph with its words marked, or the old one and the new one when they have little in common."""
    was, now = plain(was), plain(now)
    if likeness(was, now) < ALIKE:
        yield from ([Piece(text, kind)] for text, kind in whole(was, now) if text)
    else:
        yield pieces(WORDS.findall(was), WORDS.findall(now))


def likeness(was: str, now: str) -> float:
    """Return which share of the words two paragraphs have in common, from 0 to 1; spaces do not count."""
    return SequenceMatcher(None, was.split(), now.split(), autojunk=False).ratio() if was and now else 0


def whole(was: str, now: str) -> tuple[tuple[str, Kind], tuple[str, Kind]]:
    return (was, "gone"), (now, "new")


def pieces(old: list[str], new: list[str]) -> list[Piece]:
    """Return the words in order; a space between two changes belongs to them, so that they stay in one piece."""
    found: list[Piece] = []
    gone = fresh = ""
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = "".join(new[j1:j2]) if kind == "equal" else ""
        if kind != "equal" or (same.isspace() and (gone or fresh)):
            gone, fresh = gone + "".join(old[i1:i2]), fresh + "".join(new[j1:j2])
            continue
        found += closed(gone, fresh)
        found.append(Piece(same, "same"))
        gone = fresh = ""
    return found + closed(gone, fresh)


def closed(gone: str, fresh: str) -> list[Piece]:
    return [Piece(text, kind) for text, kind in whole(gone, fresh) if text]
