"""The new words of an answer: what stands above the mail it quotes or, where nothing is above, between its lines."""

import re
from collections.abc import Iterable, Sequence

OUR_LINE = "– – –"
"""Every mail that can be answered has a line that begins so; see `domain/support/mail`."""
SIGNATURE = "--"
QUOTE_MARKS = "> \t|"
ORIGINAL = re.compile(r"[-_=* ]{2,}\s*(?:original message|forwarded message|izvirno sporo|posredovano sporo)", re.I)
RULE = re.compile(r"_{20,}\s*$")
SENDER_LINE = re.compile(r"\*?(?:from|od|von|da|šalje|pošiljatelj)\s?:\*?\s", re.I)
MORE_OF_A_HEAD = re.compile(r"\*?(?:sent|date|to|subject|poslano|datum|za|zadeva|gesendet|an|inviato|a)\s?:\*?\s", re.I)
WROTE = re.compile(r"(?:wrote|napisal(?:/a|\(a\)|a|o)?|napisao|piše|schrieb|ha scritto)\s*:\s*$", re.I)
NAMES_SOMEBODY = re.compile(r"[0-9@]")
LINES_OF_A_HEAD = 3
"""A head such as "On 26 November 2026 at 10.00, Somebody <somebody@...> wrote:" is wrapped over so many lines."""
LONGEST_LINE = 500


def new_words(text: str) -> str:
    """Return what the sender wrote, without the quoted mail below it and the signature."""
    lines = [line.strip() for line in text.splitlines()]
    end = next((at for at in range(len(lines)) if _quotation_begins(lines, at)), len(lines))
    return _own(lines[:end]) or _below(lines[end:])


def _own(lines: Iterable[str]) -> str:
    own: list[str] = []
    for line in lines:
        if line == SIGNATURE:
            break
        if not line.startswith(">"):
            own.append(line)
    return "\n".join(own).strip()


def _below(lines: Sequence[str]) -> str:
    """Return the unquoted words after a quotation whose every line has its mark; without marks nobody could tell."""
    quoted = [at for at, line in enumerate(lines) if line.startswith(">")]
    return _own(lines[quoted[0] :]) if quoted else ""


def _quotation_begins(lines: Sequence[str], at: int) -> bool:
    line = lines[at][:LONGEST_LINE]
    if line.lstrip(QUOTE_MARKS).startswith(OUR_LINE) or ORIGINAL.match(line):
        return True
    if RULE.match(line) or SENDER_LINE.match(line):
        return any(MORE_OF_A_HEAD.match(each[:LONGEST_LINE]) for each in lines[at + 1 : at + 1 + LINES_OF_A_HEAD])
    return _is_head(lines, at)


def _is_head(lines: Sequence[str], at: int) -> bool:
    """Return whether "On ... wrote:" begins here: it names a day or an address, and nothing but a quotation follows."""
    head = ""
    for end in range(at, min(at + LINES_OF_A_HEAD, len(lines))):
        if not lines[end] or lines[end].startswith(">"):
            return False
        head = f"{head} {lines[end][:LONGEST_LINE]}"
        if WROTE.search(head):
            following = next(filter(None, lines[end + 1 :]), ">")
            return bool(NAMES_SOMEBODY.search(head)) and following.startswith((">", OUR_LINE))
    return False
