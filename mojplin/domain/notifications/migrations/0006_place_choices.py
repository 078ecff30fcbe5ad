"""A choice can be about one kind of messages at one place; a place about which none came keeps so."""

import django.db.models.deletion
from django.db import migrations, models


def take_over(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the tables could not be altered afterwards
    choice = apps.get_model("notifications", "PlaceChoice")
    quiet = apps.get_model("notifications", "QuietPlace").objects.values_list("link_id", flat=True)
    choice.objects.bulk_create((choice(link_id=link, topic="", is_wanted=False) for link in quiet), batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('linking', '0004_proposals_lapse'),
        ('notifications', '0005_answers_and_terms'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaceChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(blank=True, max_length=40)),
                ('is_wanted', models.BooleanField()),
                ('link', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='linking.link')),
            ],
        ),
        migrations.AddConstraint(
            model_name='placechoice',
            constraint=models.UniqueConstraint(fields=('link', 'topic'), name='chosen_once_at_a_place'),
        ),
        migrations.AddConstraint(
            model_name='placechoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('topic', ''), _negated=True), ('is_wanted', False), _connector='OR'), name='all_kinds_are_only_unwanted'),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.DeleteModel(name='QuietPlace'),
    ]
