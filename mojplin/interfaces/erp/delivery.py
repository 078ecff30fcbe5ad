"""Messages for the ERP: one JSON file each in a folder that the supplier's system empties.

The name is the id of the message: a file that comes again after a crash replaces itself or is dropped by its id.
"""

import json
import os

from django.conf import settings
from django.utils import timezone

from mojplin.domain.metering.life import handed_over
from mojplin.foundation.outbox.delivery import deliverer
from mojplin.foundation.outbox.models import Message


@deliverer("erp.")
def drop_for_erp(message: Message) -> None:
    """Write the message; whoever reads the folder sees whole files only (`*.json`)."""
    folder = settings.ERP_OUTGOING_DIR
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "id": message.public_id,
        "topic": message.topic,
        "created_at": message.created_at.isoformat(),
        "payload": message.payload,
    }
    unfinished = folder / f".{message.public_id}.part"
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / f"{message.public_id}.json")
    if message.topic == "erp.reading.submitted":
        handed_over(message.payload["id"], now=timezone.now())
