"""Where answers wait when no mail server hands them over: a mailbox read by IMAP, or a maildir folder.

What was taken is marked as read (IMAP) or moved from `new` to `cur` (maildir); nothing is deleted. A mail that could
not be taken because the database was away stays as it was, and comes again.
"""

import imaplib
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mojplin.interfaces.mail.letter import LARGEST_MAIL_BYTES

TIMEOUT_SECONDS = 30
MOST_AT_ONCE = 200
Take = Callable[[bytes], object]


class MailboxAway(Exception):
    """The mailbox cannot be read; the text says why, never with the password."""


def take_from(mailbox: str, take: Take) -> int:
    """Hand each new mail over, and return how many there were.

    :param mailbox: `imaps://user:password@host/FOLDER` or `maildir:/path`.
    :raises MailboxAway: it cannot be read, or stopped being readable on the way.
    """
    place = urlsplit(mailbox)
    if place.scheme == "maildir":
        return _from_maildir(Path(place.path), take)
    folder = unquote(place.path.strip("/")) or "INBOX"
    try:
        context = ssl.create_default_context()
        with imaplib.IMAP4_SSL(
            place.hostname or "", place.port or 993, ssl_context=context, timeout=TIMEOUT_SECONDS
        ) as box:
            box.login(unquote(place.username or ""), unquote(place.password or ""))
            return _from_imap(box, folder, take)
    except (imaplib.IMAP4.error, OSError) as fault:
        raise MailboxAway(f"{place.hostname}: {fault}") from fault


def _from_maildir(folder: Path, take: Take) -> int:
    try:
        waiting = sorted(each for each in (folder / "new").iterdir() if each.is_file())[:MOST_AT_ONCE]
    except OSError as fault:
        raise MailboxAway(f"{folder}: {fault.strerror}") from fault
    for each in waiting:
        with each.open("rb") as mail:
            take(mail.read(LARGEST_MAIL_BYTES + 1))
        each.rename(folder / "cur" / f"{each.name}:2,S")
    return len(waiting)


def _from_imap(box: imaplib.IMAP4, folder: str, take: Take) -> int:
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    state, answer = box.select(quoted)
    if state != "OK":
        raise MailboxAway(f"there is no folder {folder}")
    _state, found = box.search(None, "UNSEEN")
    numbers = (found[0] or b"").split()[:MOST_AT_ONCE]
    for each in numbers:
        number = each.decode()
        _state, answer = box.fetch(number, f"(BODY.PEEK[]<0.{LARGEST_MAIL_BYTES + 1}>)")
        content = next((piece[1] for piece in answer if isinstance(piece, tuple)), b"")
        take(content)
        box.store(number, "+FLAGS", "(\\Seen)")
    return len(numbers)
