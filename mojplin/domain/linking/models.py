"""Links of users to supply points. A link is (user, payer, supply point): it shows that payer's own things there."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import Proposal, Session
from mojplin.domain.billing.models import Document
from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.public_ids import new_public_id


class PlaceGroup(models.Model):
    """A user's own group of places (Apartmaji Bohinj), by name."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="place_groups")
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(name="group_name_once", fields=["user", "name"])]


class Role(models.TextChoices):
    """What a link lets its user do; `roles.py` says what each may."""

    HOLDER = "holder", _("Everything, also sharing")
    EVERYTHING = "everything", _("Everything but sharing")
    PAY = "pay", _("See and pay")
    READINGS = "readings", _("See and submit readings")
    SEE = "see", _("See")


class Link(models.Model):
    """A user may see what `payer` has at `supply_point`, until `ended_at`; `name` is the user's own (Dom, Babica).

    A link made by numbers or staff is a holder's. One that a holder shares hangs on theirs (`shared_from`): it shows
    something only while that one holds and its user is active, and until the end of `last_on`.
    """

    class Icon(models.TextChoices):
        HOUSE = "home", _("House")
        COTTAGE = "cottage", _("Cottage")
        FLAT = "flat", _("Flat")
        OFFICE = "office", _("Office")
        HALL = "hall", _("Hall or workshop")
        INN = "inn", _("Inn or restaurant")
        CHURCH = "church", _("Church")
        FARM = "farm", _("Farm")

    class Colour(models.TextChoices):
        BLUE = "blue", _("Blue")
        GREEN = "green", _("Green")
        AMBER = "amber", _("Amber")
        RED = "red", _("Red")
        VIOLET = "violet", _("Violet")
        GREY = "grey", _("Grey")

    class Proof(models.TextChoices):
        """How the user proved that they may see it; all but the numbers confirm the payer themselves."""

        NUMBERS = "numbers", _("Numbers of an invoice")
        CONTACT = "contact", _("Numbers, and the payer's own e-mail address")
        CODE = "code", _("Code sent to the payer")
        STAFF = "staff", _("Two members of staff")

    class End(models.TextChoices):
        PAYER_CHANGED = "payer_changed", _("Another payer")
        NOTICE = "notice", _("Ended from the notice by mail")
        STAFF = "staff", _("Ended by staff")
        USER = "user", _("Removed by the user")
        SHARE_ENDED = "share_ended", _("Sharing ended by the holder")
        EXPIRED = "expired", _("End date of the sharing")
        HOLDER_LEFT = "holder_left", _("The holder no longer has the supply point")
        REPLACED = "replaced", _("Replaced by another link")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="links")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="links")
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="links")
    role = models.CharField(max_length=10, choices=Role, default=Role.HOLDER)
    shared_from = models.ForeignKey("self", models.PROTECT, related_name="shares", null=True, blank=True)
    last_on = models.DateField(null=True, blank=True)
    """The last day of a share, in Ljubljana."""
    name = models.CharField(max_length=60)
    icon = models.CharField(max_length=7, choices=Icon, default=Icon.HOUSE)
    colour = models.CharField(max_length=6, choices=Colour, default=Colour.BLUE)
    group = models.ForeignKey(PlaceGroup, models.SET_NULL, related_name="links", null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    proven_by = models.CharField(max_length=7, choices=Proof, default=Proof.NUMBERS)
    probation_until = models.DateTimeField(null=True, blank=True)
    """Until then: see and submit readings, not order, renew, change contact data or invite."""
    proven_again_at = models.DateTimeField(null=True, blank=True)
    """When the user last proved it once more (see `recheck`); None: never since it was made."""
    proof_asked_at = models.DateTimeField(null=True, blank=True)
    """When a mail asked for that proof; empty again once it is given."""
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=13, choices=End, blank=True)

    class Meta:
        indexes = [models.Index(name="link_of_user", fields=["user", "position", "id"], condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(
                name="link_once", fields=["user", "payer", "supply_point"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="share_hangs_on_a_holder",
                condition=Q(role="holder", shared_from=None, last_on=None)
                | (~Q(role="holder") & Q(shared_from__isnull=False)),
            ),
        ]

    @property
    def last_proven_at(self) -> datetime:
        return self.proven_again_at or self.created_at

    @property
    def is_in_doubt(self) -> bool:
        """Whether somebody else may have come into the user's account since the link was last proven."""
        since = self.user.prove_again_since
        return since is not None and since >= self.last_proven_at


class Invitation(models.Model):
    """A holder offers a role at one supply point to an e-mail address; good for 14 days, once.

    The mailed link only shows it; accepting takes an account whose own address is `email`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        UNDELIVERABLE = "undeliverable", _("The mail could not be delivered")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    link = models.ForeignKey(Link, models.PROTECT, related_name="invitations")
    """The holder's."""
    email = models.CharField(max_length=254, db_index=True)
    role = models.CharField(max_length=10, choices=Role)
    last_on = models.DateField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=13, choices=State, default=State.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="invited_once", fields=["link", "email"], condition=Q(state="waiting"))
        ]


class LinkAttempt(models.Model):
    """One try to link; what was typed is kept as keyed hashes only, for 90 days."""

    class Outcome(models.TextChoices):
        LINKED = "linked"
        """All was right: linked, or the choice among several places offered."""
        REFUSED = "refused"
        NEAR_MISS = "near_miss"
        CODE_WANTED = "code_wanted"
        """All numbers were right, and a code is wanted besides: the worker will have it sent."""
        CODE_ASKED = "code_asked"
        """As before, and the worker has seen to it."""
        WRONG_CODE = "wrong_code"
        PAUSED = "paused"
        """A limit was used up: nothing was judged."""
        PROVEN = "proven"
        """The newest document of a payer who was linked already: see `recheck`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    tried_at = models.DateTimeField(db_index=True)
    ip = models.GenericIPAddressField(null=True)
    tax_number_hash = models.CharField(max_length=64)
    payer_number_hash = models.CharField(max_length=64)
    document_number_hash = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=11, choices=Outcome)

    class Meta:
        indexes = [models.Index(name="attempt_wants_code", fields=["tried_at"], condition=Q(outcome="code_wanted"))]


class ClosedPayer(models.Model):
    """A payer whom numbers alone no longer link, from `closed_at` until a used code or staff reopens it.

    A state of its own, apart from the counters that led to it: it ends only by a person's act.
    """

    class Reason(models.TextChoices):
        NEAR_MISSES = "near_misses", _("Several tries with two right numbers")
        NOTICE = "notice", _("A link was ended from the notice")

    class Reopening(models.TextChoices):
        CODE = "code", _("Code used")
        CONTACT = "contact", _("Linked with the payer's own e-mail address")
        STAFF = "staff", _("By staff")

    payer = models.ForeignKey(Payer, models.PROTECT, related_name="closings")
    reason = models.CharField(max_length=11, choices=Reason)
    closed_at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_how = models.CharField(max_length=7, choices=Reopening, blank=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    explanation = models.CharField(max_length=500, blank=True)
    """Why staff reopened it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payer_closed_once", fields=["payer"], condition=Q(reopened_at=None))
        ]


class ProvenPayer(models.Model):
    """What a user has just proven, while they choose among several places: kept here, so nobody can change it.

    Good for ten minutes, once, in the session that proved it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", null=True)
    """None: a code, which opens all places of the payer."""
    proven_by = models.CharField(max_length=7, choices=Link.Proof)
    proven_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class LinkCode(models.Model):
    """A code of ten letters and digits (50 random bits) sent to the payer; kept as a password hash, good once.

    Of a letter's code two members of staff print one half each: nobody in the office knows the whole of it.
    """

    class Way(models.TextChoices):
        MAIL = "mail", _("By e-mail")
        LETTER = "letter", _("By post")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="link_codes")
    way = models.CharField(max_length=6, choices=Way)
    asked_at = models.DateTimeField()
    code_hash = models.CharField(max_length=200, blank=True)
    """Of the whole code, or of the first half of a letter's; empty until the mail leaves or that sheet is printed."""
    second_hash = models.CharField(max_length=200, blank=True)
    """Of the second half of a letter's code; empty until the second sheet is printed."""
    made_at = models.DateTimeField(null=True, blank=True)
    """When it became whole."""
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    second_printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_live_code_each_way", fields=["payer", "way"], condition=Q(used_at=None)),
            models.CheckConstraint(
                name="letter_by_two_members_of_staff",
                condition=Q(second_printed_by=None) | ~Q(second_printed_by=F("printed_by")),
            ),
        ]


class LinkNotice(models.Model):
    """A mail that told somebody of new links, with the hash of the token by which they can end them."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    links = models.ManyToManyField(Link, related_name="notices")
    to = models.CharField(max_length=254)
    is_contact = models.BooleanField()
    """It went to the payer's own contact, not to another user."""
    may_end = models.BooleanField()
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    made_at = models.DateTimeField()


class LinkProposal(Proposal):
    """A link that one member of staff proposes, with a reason, and another one makes or refuses."""

    payer = models.ForeignKey(Payer, models.PROTECT, related_name="+")
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="proposed_once", fields=["user", "payer", "supply_point"], condition=Q(decision="")
            ),
            models.CheckConstraint(
                name="two_members_of_staff", condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by"))
            ),
        ]

    @property
    def concerns(self) -> str:
        return self.supply_point.number
