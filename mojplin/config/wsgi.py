"""The WSGI application the web server runs."""

import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mojplin.config.settings")
django.setup(set_prefix=False)

from mojplin.config.handler import PortalHandler  # noqa: E402  # Django must be set up first

application = PortalHandler()

# What has been loaded by now lives as long as the process: looking through it again and again for garbage took a
# fifth of a page's time.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
