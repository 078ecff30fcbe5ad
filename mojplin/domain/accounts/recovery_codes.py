"""Ten codes on paper: a second proof for somebody who has forgotten the password."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from mojplin.domain.accounts import access_log
from mojplin.domain.accounts.models import AccessEvent, RecoveryCode, User
from mojplin.domain.accounts.proof_mails import tell_proof_changed
from mojplin.domain.accounts.sign_in import Visit
from mojplin.foundation.typed_codes import as_typed, new_code

CODES, LENGTH = 10, 12
ROUNDS = 20_000
"""Of PBKDF2; a code has 60 random bits, so that is more than enough, and ten are made while somebody waits."""


@transaction.atomic
def make_recovery_codes(*, user: User, visit: Visit, now: datetime) -> list[str]:
    """Return ten new codes as they are shown, XXXX-XXXX-XXXX; the earlier ones are worth nothing from now on.

    The user is told by mail.
    """
    salt = secrets.token_hex(16)
    codes = [new_code(LENGTH) for _code in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, salt=salt, code_hash=_hashed(code, salt), made_at=now) for code in codes
    )
    made = AccessEvent.What.RECOVERY_CODES_MADE
    access_log.record(whose=user, what=made, by=user, ip=visit.ip, now=now)
    tell_proof_changed(user, what=made, device=visit.device, now=now)
    return ["-".join(code[at : at + 4] for at in range(0, LENGTH, 4)) for code in codes]


def use_recovery_code(*, user: User, code: str, now: datetime) -> bool:
    """Use one code up; return whether it was one of the user's, not used before. Of many at once one wins.

    The caller limits how often it may be tried.
    """
    mine = RecoveryCode.objects.filter(user=user, used_at=None)
    salt = mine.values_list("salt", flat=True).first()
    typed = as_typed(code)
    if salt is None or len(typed) != LENGTH:
        return False
    return bool(mine.filter(code_hash=_hashed(typed, salt)).update(used_at=now))


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _hashed(code: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", code.encode(), salt.encode(), ROUNDS).hex()
