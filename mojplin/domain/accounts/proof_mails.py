"""The mail to the owner when one of their further proofs changes: a passkey, an app, or the recovery codes."""

from datetime import datetime

from mojplin.domain.accounts.models import AccessEvent, User
from mojplin.foundation import mail
from mojplin.foundation.formats import clock, day_in_sentence, language_of


def tell_proof_changed(user: User, *, what: AccessEvent.What, device: str, now: datetime) -> None:
    """Post the mail in the caller's transaction.

    :param what: PASSKEY_ADDED, PASSKEY_REMOVED, APP_ADDED, SECOND_FACTOR_RESET or RECOVERY_CODES_MADE. The name of a
        passkey is not told: whoever added it chose its words.
    :param device: what did it, such as "Chrome, Windows".
    """
    language = language_of(user.language)
    when = {"day": day_in_sentence(now, language), "time": clock(now, language)}
    context = {"what": str(what), "device": device} | when
    mail.post(to=user.email, template="accounts/mail/proof_changed", context=context, language=user.language)
