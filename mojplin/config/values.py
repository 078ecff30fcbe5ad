"""What settings of the supplier's file are made of: tables, and kinds of text that say what is wrong with them."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter


class Table(BaseModel):
    """A table of the file; a name nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("one line of letters and signs, nothing invisible")
    return text


def _matching(pattern: str, otherwise: str) -> Callable[[str], str]:
    """Return a check that takes what matches, and what is empty."""

    def check(text: str) -> str:
        if text and not re.fullmatch(pattern, text):
            raise ValueError(otherwise)
        return text

    return check


def _web_address(text: str) -> str:
    if text:
        TypeAdapter(HttpUrl).validate_python(text)
    return text


Text = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
Phone = Annotated[
    str, Field(max_length=40), AfterValidator(_matching(r"\+?[0-9][0-9 ()/-]+", "a telephone number, as in 080 00 00"))
]
Email = Annotated[
    str,
    Field(max_length=200),
    AfterValidator(
        _matching(r"[^\s@<>\"',;:()]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+", "an address, as in podpora@example.si")
    ),
]
WebAddress = Annotated[str, Field(max_length=500), AfterValidator(_one_line), AfterValidator(_web_address)]
Percent = Annotated[int, Field(ge=0, le=100)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]
