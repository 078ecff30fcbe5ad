"""Closing every way in that is open: after a new password, another e-mail address, or a suspicion."""

from mojplin.domain.accounts.devices import forget_devices
from mojplin.domain.accounts.models import EmailChange, PasswordReset, PendingLogin, Session, User


def end_ways_in(user: User, *, keep: Session | None = None) -> None:
    """End the user's sessions but `keep`, the sign-ins that wait, mailed links for a new password, a waiting change.

    Known browsers are forgotten: whoever had the password may have signed in with one. The link that undoes a change
    of address stays: it is the owner's way back.
    """
    open_sign_ins = [PendingLogin.State.WAITING, PendingLogin.State.APPROVED]
    PendingLogin.objects.filter(user=user, state__in=open_sign_ins).update(state=PendingLogin.State.DEAD)
    resets = PasswordReset.objects.filter(user=user, state=PasswordReset.State.WAITING)
    resets.update(state=PasswordReset.State.DEAD)
    changes = EmailChange.objects.filter(user=user, state=EmailChange.State.WAITING)
    changes.update(state=EmailChange.State.CANCELLED)
    forget_devices(user)
    sessions = Session.objects.filter(user=user)
    (sessions.exclude(pk=keep.pk) if keep else sessions).delete()
