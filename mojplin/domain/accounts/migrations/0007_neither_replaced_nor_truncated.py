"""The tables that only grow refuse INSERT OR REPLACE and TRUNCATE too."""

from django.db import migrations

from mojplin.foundation.append_only import AppendOnly

HELD = (
    (
        "accessevent",
        AppendOnly(
            name="access_event_append_only", instant="at", months=24, may_be_emptied=("about", "reason", "ip")
        ),
    ),
    ("termsversion", AppendOnly(name="terms_versions_stay", instant="published_at", months=1200)),
    (
        "termsacceptance",
        AppendOnly(name="terms_acceptances_stay", instant="accepted_at", months=60, may_be_emptied=("ip",)),
    ),
)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_lapse_and_taken_over"),
    ]

    operations = [
        operation
        for model, constraint in HELD
        for operation in (
            migrations.RemoveConstraint(model_name=model, name=constraint.name),
            migrations.AddConstraint(model_name=model, constraint=constraint),
        )
    ]
