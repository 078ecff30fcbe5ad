"""Settings of the tests: the product's own, with a fast password hash and a database made for the run.

A busy machine is no fault of what is tested: twenty threads that share one starved core hold a row for longer than the
portal would ever let anybody wait, so the database waits a minute here.
"""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("MOJPLIN_DEMO", "1")
os.environ.setdefault("MOJPLIN_DATA_DIR", tempfile.mkdtemp(prefix="mojplin-tests-"))

from mojplin.config.settings import *  # noqa: F403
from mojplin.config.settings import DATA_DIR, DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LINK_ANSWER_FLOOR_SECONDS = 0
CRISIS_NOTICE_SECONDS = 3_600
PAYEE_IBANS = ()
(Path(DATA_DIR) / "static").mkdir(parents=True, exist_ok=True)
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
_options = DATABASES["default"]["OPTIONS"]
assert isinstance(_options, dict)
if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": Path(DATA_DIR) / "test.sqlite3"}
    _options["timeout"] = 60
else:
    _options["connect_timeout"] = 60
    _options["options"] += " -c statement_timeout=60s -c lock_timeout=60s"
    _options["options"] += " -c mojplin.truncate=allowed"  # how tests empty the tables
