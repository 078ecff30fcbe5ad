"""What was said in an enquiry, in its order, with the files: for the customer, or for the office with its notes."""

from collections.abc import Iterable
from dataclasses import dataclass

from mojplin.domain.accounts.models import User
from mojplin.domain.support.files import forget
from mojplin.domain.support.models import Attachment, Enquiry, Entry


@dataclass(frozen=True, slots=True)
class Said:
    """An entry with its files; `entry.written_by` is there without another statement."""

    entry: Entry
    files: list[Attachment]

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.entry.text.splitlines() if line.strip()]


def conversation(enquiry: Enquiry, *, for_office: bool = False) -> list[Said]:
    """Return what was said, oldest first, in two statements; the office's notes only for the office."""
    entries = enquiry.entries.select_related("written_by").order_by("pk")
    shown: Iterable[Entry] = entries if for_office else entries.exclude(side=Entry.Side.NOTE)
    files: dict[int, list[Attachment]] = {}
    for each in Attachment.objects.filter(entry__enquiry=enquiry).order_by("pk"):
        files.setdefault(each.entry_id, []).append(each)
    return [Said(entry, files.get(entry.pk, [])) for entry in shown]


def attachment_for(*, user_id: int, public_id: str) -> Attachment | None:
    """Return a file of the user's own enquiry, unless it hangs on a note of the office."""
    own = Attachment.objects.filter(public_id=public_id, entry__enquiry__sent_by=user_id)
    return own.exclude(entry__side=Entry.Side.NOTE).first()


def enquiry_for(*, user_id: int, public_id: str) -> Enquiry | None:
    """Return the user's own enquiry with who has it; another's is None, as one that never was."""
    own = Enquiry.objects.select_related("assigned_to", "supply_point").filter(sent_by=user_id)
    return own.filter(public_id=public_id).first()


def forget_conversations(user: User) -> None:
    """Empty what an erased customer and the office said to each other, and delete the files."""
    mine = Enquiry.objects.filter(sent_by=user)
    forget(Attachment.objects.filter(entry__enquiry__in=mine))
    Entry.objects.filter(enquiry__in=mine).update(text="", came_from="")
    mine.update(call_phone="", about_name="")
