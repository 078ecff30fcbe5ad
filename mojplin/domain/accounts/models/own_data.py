"""What the portal keeps about the keeping of a person's data: who touched it, exports, choices of mails, erasures."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models.people import User
from mojplin.foundation.append_only import AppendOnly
from mojplin.foundation.public_ids import new_public_id

KEEP_EVENTS_MONTHS = 24


class LookReason(models.TextChoices):
    """Why somebody of the office looks at a customer's data, as the customer reads it."""

    CALL = "call", _("Call of the customer")
    MESSAGE = "message", _("Message in the portal")
    COMPLAINT = "complaint", _("Complaint about an invoice")
    READING = "reading", _("Meter reading")
    ORDER = "order", _("Contract or order")
    LINKING = "linking", _("Linking of a supply point")
    OTHER = "other", _("Something else")


class AccessEvent(models.Model):
    """Somebody looked at a person's data or changed it, or did something of weight in the office.

    Written by `access_log.record` alone, never changed.

    The database refuses to change or delete a row (see `AppendOnly`). Erasing a person empties `about`, `reason`
    and `ip`: the row then names the anonymous stub of the account, so it is evidence of what happened and no longer
    about whom.
    """

    class What(models.TextChoices):
        """What happened, as its owner reads it."""

        SIGNED_IN = "signed_in", _("Sign-in")
        SIGN_IN_DENIED = "sign_in_denied", _("Sign-in stopped with “This is not me”")
        SIGN_IN_STOPPED = "sign_in_stopped", _("Sign-in stopped after three wrong numbers")
        SIGNED_OUT_DEVICE = "signed_out_device", _("A device was signed out")
        SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", _("Signed out everywhere")
        PASSWORD_CHANGED = "password_changed", _("Password changed")  # a name, no secret
        PASSWORD_RESET = "password_reset", _("Password set anew after it was forgotten")
        USERNAME_SENT = "username_sent", _("Username sent to your e-mail address")
        EMAIL_CHANGE_ASKED = "email_change_asked", _("Change of the e-mail address asked for")
        EMAIL_CHANGE_BY_OFFICE = "email_change_by_office", _("Change of the e-mail address begun by the supplier")
        EMAIL_CHANGE_PROPOSED = "email_change_proposed", _("Another e-mail address proposed by the supplier")
        EMAIL_CHANGE_REFUSED = "email_change_refused", _("Proposed e-mail address refused by the supplier")
        PROPOSAL_LAPSED = "proposal_lapsed", _("Proposal of the supplier lapsed, nothing was changed")
        EMAIL_CHANGED = "email_changed", _("E-mail address changed")
        EMAIL_CHANGE_UNDONE = "email_change_undone", _("Change of the e-mail address undone")
        PASSKEY_ADDED = "passkey_added", _("Passkey added")
        PASSKEY_REMOVED = "passkey_removed", _("Passkey removed")
        APP_ADDED = "app_added", _("App with codes added")
        SECOND_FACTOR_GUESSED = "second_factor_guessed", _("Wrong codes when signing in to the office")
        SECOND_FACTOR_RESET = "second_factor_reset", _("Second factor taken away by an administrator")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("New recovery codes made")
        RECOVERY_CODE_USED = "recovery_code_used", _("Recovery code used")
        PROFILE_CHANGED = "profile_changed", _("Profile changed")
        NOTICES_CHANGED = "notices_changed", _("Choice of messages changed")
        TERMS_ACCEPTED = "terms_accepted", _("Terms of use accepted")
        POINT_LINKED = "point_linked", _("Supply point linked")
        LINK_PROPOSED = "link_proposed", _("Link to a supply point proposed by the supplier")
        LINK_REFUSED = "link_refused", _("Proposed link to a supply point refused by the supplier")
        POINT_LINKED_BY_OFFICE = "point_linked_by_office", _("Supply point linked by the supplier")
        LINKING_REOPENED = "linking_reopened", _("Linking with the numbers of an invoice opened again by the supplier")
        CODE_PRINTED = "code_printed", _("Half of a code for linking printed by the supplier")
        POINT_PROVEN_AGAIN = "point_proven_again", _("Supply point confirmed again")
        POINT_UNLINKED = "point_unlinked", _("Supply point unlinked")
        SHARE_OFFERED = "share_offered", _("Invitation to a supply point sent")
        SHARE_ACCEPTED = "share_accepted", _("Invitation to a supply point accepted")
        SHARE_CHANGED = "share_changed", _("Shared supply point changed")
        SHARE_ENDED = "share_ended", _("Sharing of a supply point ended")
        MOVE_ANNOUNCED = "move_announced", _("Hand-over of a supply point announced")
        MOVE_CHANGED = "move_changed", _("Hand-over of a supply point announced anew")
        MOVE_LINK_SENT = "move_link_sent", _("Link sent again to whoever takes the supply point over")
        MOVE_DISPUTED = "move_disputed", _("Other side of a hand-over said another day or reading")
        MOVE_AGREED = "move_agreed", _("Hand-over of a supply point confirmed")
        MOVE_DECIDED = "move_decided", _("Disputed hand-over of a supply point decided by the supplier")
        MOVE_CANCELLED = "move_cancelled", _("Hand-over of a supply point cancelled")
        EXPORT_ASKED = "export_asked", _("Copy of your data asked for")
        EXPORT_DOWNLOADED = "export_downloaded", _("Copy of your data downloaded")
        CLOSING_ASKED = "closing_asked", _("Closing of the account asked for")
        CLOSING_CANCELLED = "closing_cancelled", _("Account kept")
        ACCOUNT_ERASED = "account_erased", _("Account erased")
        OFFICE_SEARCHED = "office_searched", _("Found in the supplier's search")
        OFFICE_LISTED = "office_listed", _("On a list in the supplier's office")
        OFFICE_VIEWED = "office_viewed", _("Your details looked at")
        OFFICE_SAW_CUSTOMER_VIEW = "office_saw_customer_view", _("The portal looked at as you see it")
        OFFICE_VIEWED_DOCUMENT = "office_viewed_document", _("Your document opened")
        OFFICE_READ_ENQUIRY = "office_read_enquiry", _("Your conversation with support read")
        ENQUIRY_ANSWERED = "enquiry_answered", _("Your message to support answered")
        ENQUIRY_NOTED = "enquiry_noted", _("Note of the office kept beside your message to support")
        ENQUIRY_ASSIGNED = "enquiry_assigned", _("Decided who at the supplier has your message to support")
        ENQUIRY_PROMISED = "enquiry_promised", _("Another day promised for your message to support")
        ENQUIRY_CLOSED = "enquiry_closed", _("Your message to support closed by the supplier")
        ENQUIRY_REOPENED = "enquiry_reopened", _("Your message to support opened again by the supplier")
        OFFICE_READ_LOG = "office_read_log", _("Your access log looked at")
        OFFICE_VIEWED_REQUEST = "office_viewed_request", _("Your order or request looked at")
        OFFICE_ANSWERED = "office_answered", _("Your order or request answered")
        OFFICE_VIEWED_READING = "office_viewed_reading", _("Your reading looked at")
        OFFICE_JUDGED_READING = "office_judged_reading", _("Your unusual reading checked")
        OFFICE_TOOK_OUT = "office_took_out", _("Your data taken out in a table")
        OFFICE_PRINTED = "office_printed", _("Your delivery printed for the driver")
        OFFICE_CHANGED = "office_changed", _("Your details changed")
        OFFICE_BLOCKED = "office_blocked", _("Account blocked")
        OFFICE_UNBLOCKED = "office_unblocked", _("Account unblocked")
        ROLE_CHANGED = "role_changed", _("Role in the office changed")
        STAFF_INVITED = "staff_invited", _("Somebody invited to the office")
        EXPORT_ACCEPTED = "export_accepted", _("Held export of the supplier accepted")
        EXPORT_REJECTED = "export_rejected", _("Held export of the supplier rejected")
        MESSAGES_RETRIED = "messages_retried", _("Outgoing messages sent again")
        MESSAGES_DROPPED = "messages_dropped", _("Outgoing message given up for good")
        INVITATION_WITHDRAWN = "invitation_withdrawn", _("Invitation to the office withdrawn")
        CRISIS_NOTICE_PUBLISHED = "crisis_notice_published", _("Crisis notice published")
        CRISIS_NOTICE_TAKEN_BACK = "crisis_notice_taken_back", _("Crisis notice taken back")
        PUBLIC_PAGE_PUBLISHED = "public_page_published", _("Page for anybody published")
        INVOICE_PICTURE_PUBLISHED = "invoice_picture_published", _("Picture of the invoice for linking published")
        INVOICE_PICTURE_TAKEN_BACK = "invoice_picture_taken_back", _("Picture of the invoice for linking taken back")
        TERMS_PUBLISHED = "terms_published", _("General terms published")
        ANSWER_TEXT_KEPT = "answer_text_kept", _("Text for answers written or changed")
        ANSWER_TEXT_DELETED = "answer_text_deleted", _("Text for answers deleted")

    whose = models.ForeignKey(User, models.PROTECT, related_name="access_events", null=True, db_index=False)
    """None: data of a payer whom no account shows, or an act of the office that concerns nobody's data."""
    payer_number = models.CharField(max_length=20, blank=True)
    """Whose data at the supplier it was, where an act was about a payer."""
    what = models.CharField(max_length=40)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    """None: the portal itself, by its clock."""
    by_role = models.CharField(max_length=8, choices=User.Role, blank=True)
    """What `by` was at the time; empty for the portal itself."""
    about = models.CharField(max_length=200, blank=True)
    """Which thing, in a few words that its owner knows: "Dom", a document's number, a device."""
    reason = models.CharField(max_length=200, blank=True)
    """Why somebody of the office did it: a `LookReason`, or their own words."""
    ip = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="access_event_of_person", fields=["whose", "-at", "-id"]),
            models.Index(name="access_event_at", fields=["at"]),
            models.Index(
                name="access_event_of_office",
                fields=["-at", "-id"],
                condition=Q(by_role__in=["reader", "clerk", "admin"]),
            ),
            models.Index(name="access_event_of_payer", fields=["payer_number", "-at"], condition=~Q(payer_number="")),
        ]
        constraints = [
            AppendOnly(
                name="access_event_append_only",
                instant="at",
                months=KEEP_EVENTS_MONTHS,
                may_be_emptied=("about", "reason", "ip"),
            )
        ]


class NoticeChoice(models.Model):
    """Whether a person wants the mails of a topic; without a row the topic's own default holds."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_choices")
    topic = models.CharField(max_length=40)
    is_wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(name="notice_choice_once", fields=["user", "topic"])]


class DataExport(models.Model):
    """A copy of a person's data: asked for, made by the worker, taken once or deleted when its 24 hours are over."""

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        TAKEN = "taken"
        EXPIRED = "expired"
        FAILED = "failed"
        """Given up after many tries."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    user = models.ForeignKey(User, models.CASCADE, related_name="data_exports")
    language = models.CharField(max_length=2, choices=User.Language)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_all = models.PositiveSmallIntegerField(default=0)
    """How far the worker is; 0 of 0 before it began."""
    size_bytes = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_export_at_a_time", fields=["user"], condition=Q(state__in=["waiting", "ready"])
            )
        ]


class ErasureRecord(models.Model):
    """That an account was erased, so that it is erased again after an older backup was restored; names nobody."""

    account_hash = models.CharField(max_length=64, unique=True)
    """Keyed hash of the account's public id."""
    erased_at = models.DateTimeField()
