"""How well the heating model does on real homes: `make accuracy DATA=folder` (`__main__`)."""

import os

import django
from django.apps import apps

# What is measured stands beside models, and those cannot be imported without settings. No database is opened.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
if not apps.ready:
    django.setup()
