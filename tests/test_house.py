"""The house holds: the catalogue is complete, migrations are not missing."""

from io import StringIO

import pytest
from django.core.management import call_command

from tools import catalogue


def test_the_slovene_catalogue_is_complete():
    assert catalogue.problems() == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())
