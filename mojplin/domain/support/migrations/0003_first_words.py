"""What a customer had written becomes the first entry of its enquiry."""

from django.db import migrations
from django.db.models import F


def begin_conversations(apps, _schema_editor):
    enquiry, entry = apps.get_model("support", "Enquiry"), apps.get_model("support", "Entry")
    enquiry.objects.update(last_at=F("sent_at"))
    entry.objects.bulk_create(
        (
            entry(enquiry_id=key, side="customer", text=text, written_by_id=sent_by, written_at=sent_at)
            for key, text, sent_by, sent_at in enquiry.objects.values_list("pk", "message", "sent_by", "sent_at")
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("support", "0002_conversation")]
    operations = [migrations.RunPython(begin_conversations, migrations.RunPython.noop)]
