"""Answers of support and new terms are told by the job from now on: what was told before is noted as told."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

FORMER = ("enquiry_answer", "enquiry_later", "terms_announced", "terms_announcement")
LONGEST_NEWS = timedelta(days=61)


def take_over(apps, schema_editor):
    """What still waits in the outbox is left to the job; all else of the last weeks counts as told."""
    messages = apps.get_model("foundation", "Message").objects.filter(topic__in=FORMER)
    waiting = list(messages.filter(state="waiting").values_list("topic", "payload"))
    enquiries = apps.get_model("support", "Enquiry")
    put_off = [payload["enquiry"] for topic, payload in waiting if topic == "enquiry_later"]
    enquiries.objects.filter(pk__in=put_off).update(is_put_off=True)
    since = timezone.now() - LONGEST_NEWS
    told = apps.get_model("notifications", "SentNotice")
    told.objects.bulk_create(_answers(apps, told, waiting, since), batch_size=500)
    told.objects.bulk_create(_terms(apps, told, waiting, since), batch_size=500)
    messages.filter(state="waiting").delete()
    messages.filter(state="dead").update(state="dropped")


def _answers(apps, told, waiting, since):
    entries = apps.get_model("support", "Entry").objects.filter(side="office", written_at__gte=since)
    to_come = {payload["entry"] for topic, payload in waiting if topic == "enquiry_answer"}
    for each in entries.exclude(pk__in=to_come).select_related("enquiry").iterator():
        yield told(
            user_id=each.enquiry.sent_by_id, topic="enquiry_answer", thing=f"answer:{each.pk}",
            about=each.enquiry.number, sent_at=each.written_at,
        )  # fmt: skip


def _terms(apps, told, waiting, since):
    announced = apps.get_model("accounts", "TermsVersion").objects.exclude(summary_sl="").filter(published_at__gte=since)
    users = apps.get_model("accounts", "User").objects.filter(is_active=True)
    for version in announced:
        mine = [(topic, payload) for topic, payload in waiting if payload.get("version") == version.version]
        to_come = {payload["user"] for topic, payload in mine if topic == "terms_announced"}
        reached = [payload["after"] for topic, payload in mine if topic == "terms_announcement"]
        before = users.filter(registered_at__lte=version.published_at).exclude(pk__in=to_come)
        if reached:
            before = before.filter(pk__lte=min(reached))
        number = str(version.version)
        for person in before.values_list("pk", flat=True).iterator():
            yield told(
                user_id=person, topic="terms_changed", thing=number, about=number, sent_at=version.published_at
            )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_neither_replaced_nor_truncated'),
        ('foundation', '0004_watched'),
        ('notifications', '0004_calendar_address'),
        ('support', '0005_put_off'),
    ]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
