"""The WSGI application the web server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mojplin.config.settings")

application = get_wsgi_application()

# What has been loaded by now lives as long as the process: looking through it again and again for garbage took a
# fifth of a page's time.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
