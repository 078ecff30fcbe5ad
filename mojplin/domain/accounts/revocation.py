"""Closing every way in that is open: after a new password, another e-mail address, or a suspicion."""

from datetime import datetime

from mojplin.domain.accounts.devices import forget_devices
from mojplin.domain.accounts.models import EmailChange, PasswordReset, Session, User
from mojplin.domain.accounts.sessions import end_sessions_of


def end_ways_in(user: User, *, keep: Session | None = None) -> None:
    """End the user's sessions but `keep`, the sign-ins that wait, mailed links for a new password, a waiting change.

    Not one by the office, which stands for an owner who has lost the mailbox: whoever has it must not stop it.

    Known browsers are forgotten: whoever had the password may have signed in with one. The link that undoes a change
    of address stays: it is the owner's way back.
    """
    end_sessions_of(user, except_session=keep)
    resets = PasswordReset.objects.filter(user=user, state=PasswordReset.State.WAITING)
    resets.update(state=PasswordReset.State.DEAD)
    changes = EmailChange.objects.filter(user=user, state=EmailChange.State.WAITING, proposal=None)
    changes.update(state=EmailChange.State.CANCELLED)
    forget_devices(user)


def doubt_proofs(user: User, now: datetime) -> None:
    """Note that somebody else may hold the account since now: what was proven before is asked for again above."""
    User.objects.filter(pk=user.pk).update(prove_again_since=now)
