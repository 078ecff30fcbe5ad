"""The first words stand in the entries now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("support", "0003_first_words")]
    operations = [migrations.RemoveField(model_name="enquiry", name="message")]
