"""Getting back in, and changing what one signs in with. Links are kept as hashes; no table holds one."""

from django.db import models

from mojplin.domain.accounts.models.four_eyes import Proposal
from mojplin.domain.accounts.models.people import User
from mojplin.foundation.formats import masked_email


class PasswordReset(models.Model):
    """A mailed link behind which a forgotten password is replaced, once."""

    class State(models.TextChoices):
        WAITING = "waiting"
        USED = "used"
        DEAD = "dead"
        """The password was changed by another way meanwhile."""

    public_id = models.CharField(max_length=22, unique=True)
    """The id of the outbox message that asked for it: a message delivered twice is one link."""
    user = models.ForeignKey(User, models.CASCADE, related_name="password_resets")
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    """When the mail server took the mail; the link's time counts from here."""
    used_at = models.DateTimeField(null=True)


class EmailProposal(Proposal):
    """Another e-mail address for somebody who has lost the mailbox; see `email_by_staff`."""

    old_email = models.CharField(max_length=254)
    new_email = models.CharField(max_length=254)
    is_taken_over = models.BooleanField(default=False)
    """Somebody else reads the former mailbox: it is given no link by which the change is undone."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="email_proposed_once", fields=["user"], condition=models.Q(decision="")),
            models.CheckConstraint(
                name="email_by_two_members_of_staff",
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
            ),
        ]

    @property
    def concerns(self) -> str:
        return masked_email(self.new_email)


class EmailChange(models.Model):
    """Another e-mail address that waits until both mailboxes have agreed, and can be undone from the old one."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        UNDONE = "undone"
        CANCELLED = "cancelled"
        """By the user, by the old mailbox, by a newer change or by a reset of the password."""

    public_id = models.CharField(max_length=22, unique=True)
    """The three links follow from it and from a key outside the database."""
    user = models.ForeignKey(User, models.CASCADE, related_name="email_changes")
    old_email = models.CharField(max_length=254)
    new_email = models.CharField(max_length=254)
    old_token_hash = models.CharField(max_length=64, unique=True)
    new_token_hash = models.CharField(max_length=64, unique=True)
    undo_token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    proposal = models.ForeignKey(EmailProposal, models.PROTECT, related_name="+", null=True)
    """Of the office, which stands in for the old mailbox; None: the user's own wish."""
    device = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    old_confirmed_at = models.DateTimeField(null=True)
    new_confirmed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_email_change_waits", fields=["user"], condition=models.Q(state="waiting")
            ),
            models.CheckConstraint(
                name="email_change_done_by_both",
                condition=~models.Q(state__in=["done", "undone"])
                | models.Q(old_confirmed_at__isnull=False, new_confirmed_at__isnull=False, done_at__isnull=False),
            ),
        ]
