"""What was told stands in one table: documents and readings that were told of before are taken over."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def take_over(apps, schema_editor):
    """Name the things of former rows as the job names them now, so that nobody is told twice."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the tables could not be altered afterwards
    told, reminded = apps.get_model("notifications", "SentNotice"), apps.get_model("notifications", "SentReminder")
    for each in told.objects.select_related("document").iterator():
        each.thing, each.about = str(each.document_id), each.document.number
        each.save(update_fields=["thing", "about"])
    rows = (
        told(
            user_id=each.link.user_id, topic="reading_due", link_id=each.link_id, sent_at=each.sent_at,
            thing=f"{each.link_id}:{each.month:%Y-%m}:{'last' if each.is_last else 'first'}",
        )
        for each in reminded.objects.select_related("link").iterator()
    )  # fmt: skip
    told.objects.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0004_document_archive'),
        ('linking', '0003_two_people'),
        ('notifications', '0002_reading_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='QuietPlace',
            fields=[
                ('link', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='linking.link')),
            ],
        ),
        migrations.CreateModel(
            name='Rhythm',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('often', models.CharField(choices=[('at_once', 'At Once'), ('daily', 'Daily'), ('weekly', 'Weekly')], max_length=7)),
                ('told_on', models.DateField(blank=True, null=True)),
                ('week_told_on', models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.AddField('sentnotice', 'about', models.CharField(blank=True, max_length=60, default=''), preserve_default=False),
        migrations.AddField('sentnotice', 'thing', models.CharField(max_length=80, default=''), preserve_default=False),
        migrations.AddField('sentnotice', 'link', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='linking.link')),
        migrations.RemoveConstraint('sentnotice', 'told_once'),
        migrations.AlterField('sentnotice', 'document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing.document')),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.RemoveField('sentnotice', 'document'),
        migrations.AddConstraint('sentnotice', models.UniqueConstraint(fields=('user', 'topic', 'thing'), name='told_once')),
        migrations.AddIndex('sentnotice', models.Index(fields=['user', '-sent_at'], name='told_newest')),
        migrations.DeleteModel('SentReminder'),
    ]
