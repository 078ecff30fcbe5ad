"""What `make bench` measures with stays true when tables and the export's contract grow."""

import pytest
from django.apps import apps
from django.core.management import call_command

from mojplin.domain.billing.models import Document
from tools.bench import dataset, takein


@pytest.mark.django_db(transaction=True)
def test_its_export_is_taken_in_without_a_row_set_aside(tmp_path):
    takein.write_export(tmp_path / "feed", payers=3, documents=10, sequence=1)
    call_command("take_in", str(tmp_path / "feed"), verbosity=0)
    assert Document.objects.count() == 10


@pytest.mark.parametrize("statement", dataset.INSERTS, ids=lambda each: each.split()[2])
def test_its_data_set_fills_every_column_that_may_not_be_empty(statement):
    whole, parameters = dataset.whole(statement, {})
    model = next(each for each in apps.get_models() if each._meta.db_table == statement.split()[2])
    filled = whole[whole.index("(") + 1 : whole.index(")")].replace(",", " ").split()
    needed = {
        each.column for each in model._meta.concrete_fields if not (each.primary_key or each.null or each.generated)
    }
    assert set(filled) <= {each.column for each in model._meta.concrete_fields}
    assert set(filled) >= needed
    assert None not in parameters.values()
