"""The project's own settings under an environment made for tests: no file of var/ is touched and no mail leaves.

A module and not a conftest, because mypy's Django plugin needs the same environment.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

SCRATCH = Path(tempfile.gettempdir()) / f"clinic-tests-{os.getpid()}"

for name in (
    "DEBUG",
    "EMAIL_URL",
    "SITE_URL",
    "CACHE_URL",
    "REPLICA_URL",
    "CDN_PURGE_URL",
    "CDN_PURGE_TOKEN",
    "TRUSTED_PROXIES",
    "REQUESTS_PER_HOUR",
    "LIMITS",
    "STAFF_INBOX",
    "DEFAULT_FROM_EMAIL",
    "STAFF_IDLE_MINUTES",
    "STAFF_SESSION_HOURS",
    "COMPRESS_STATIC",
    "METRICS_PORT",
    "LOG_FORMAT",
):
    os.environ.pop(name, None)
os.environ |= {
    "SECRET_KEY": "only-for-tests-" + "k" * 50,
    "FIELD_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "BACKUP_KEY": "YmFja3VwLWtleS1mb3ItdGVzdHMtb25seS0xMjM0NTY=",
    "ERASED_FILE": f"{SCRATCH}-erased",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "PORT": "8000",
    # Tests of the login itself switch it on.
    "STAFF_SECOND_FACTOR": "off",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{SCRATCH}.sqlite3",
}

from clinic.settings import *  # noqa: E402, F403  the environment has to be set first
from clinic.settings import DATABASES, STORAGES  # noqa: E402  for the type checker

# A file, not memory: threads that share an in-memory database lock each other out in ways that a file's do not.
# What is in it need not survive a power cut.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": f"{SCRATCH}-test.sqlite3"}
    _options = DATABASES["default"]["OPTIONS"]
    _pragmas = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["OPTIONS"] = _options | {"init_command": _pragmas}

# Hashed names need `collectstatic`; test_page_weight.py runs it where the finished files matter.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = SCRATCH / "static"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
