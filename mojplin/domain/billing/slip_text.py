"""Texts in the characters of payment slips: ISO 8859-2, one line, cut to their length."""

import unicodedata

LONGEST_NAME = 33
SOFT_HYPHEN = "\xad"
_PLAIN = str.maketrans(
    {"€": "EUR", "…": "...", "æ": "ae", "Æ": "AE", "œ": "oe"}
    | dict.fromkeys("–—−", "-")
    | dict.fromkeys("„“”«»", '"')
    | dict.fromkeys("’‘‚", "'")
    | dict(zip("łŁøØåÅ", "lLoOaA", strict=True))
)


def slip_text(text: str, longest: int = LONGEST_NAME) -> str:
    """Return a text in the characters of ISO 8859-2, on one line, cut to its length.

    What has no place there is written plainly (€ as EUR, é of another alphabet's letter without its mark) or left out.
    """
    if text.isprintable() and _is_latin2(text):
        return " ".join(text.split())[:longest].strip()  # as nearly every text is
    one_line = " ".join("".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text).split())
    kept = "".join(sign if _is_latin2(sign) else _plain(sign) for sign in unicodedata.normalize("NFC", one_line))
    return " ".join(kept.split())[:longest].strip()


def _plain(sign: str) -> str:
    written = sign.translate(_PLAIN)
    if written == sign:
        written = unicodedata.normalize("NFKD", sign)
    return "".join(each for each in written if _is_latin2(each) and not unicodedata.combining(each))


def _is_latin2(text: str) -> bool:
    try:
        return text.encode("iso-8859-2").decode("iso-8859-2") >= " " and SOFT_HYPHEN not in text
    except UnicodeEncodeError:
        return False
