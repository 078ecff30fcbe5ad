"""A letter with a code, as two members of staff print it."""

from datetime import datetime

from mojplin.domain.accounts.models import User
from mojplin.domain.linking.codes import print_sheet


def code_of_letter(*, payer_id: int, printed_by: tuple[User, User], now: datetime) -> str:
    """Print both sheets and return the whole code, as only its payer knows it."""
    sheets = [print_sheet(payer_id=payer_id, by=each, now=now) for each in printed_by]
    assert [each.number for each in sheets] == [1, 2]
    return "-".join(each.half for each in sheets)
