"""Settings of the whole project; everything that differs between installations comes from the environment.

The variables are described in docs/settings.md. A bad value stops the start with a sentence (see env.py).
"""

from __future__ import annotations

from pathlib import Path

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from clinic import addressing, machines
from clinic import env as environment

# Lets Django's own generic classes be written as they are typed, such as ListView[Article].
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environment.reader()
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = environment.words(env.str("SECRET_KEY_FALLBACKS", default=""))
FIELD_KEYS = environment.words(env.str("FIELD_KEYS", default=""))
# Only `backup` and `restore` need it; where web server and worker run, it can be left out.
BACKUP_KEY = env.str("BACKUP_KEY", default="")
# Grows by a line with each erased request; a restore of an older backup needs it.
ERASED_FILE = env.str("ERASED_FILE", default="") or str(VAR_DIR / "erased")
_allowed_hosts = environment.words(env.str("ALLOWED_HOSTS", default=""))
_port = env.int("PORT", default=8000)
_site_url = env.str("SITE_URL", default="")
_database_url = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/db.sqlite3")
_replica_url = env.str("REPLICA_URL", default="")
_pool_size = env.int("DATABASE_POOL", default=8)
_email_url = env.str("EMAIL_URL", default=f"file://{VAR_DIR}/mail")
_cache_url = env.str("CACHE_URL", default="locmem:")
_trusted_proxies = env.str("TRUSTED_PROXIES", default="")
REQUESTS_PER_HOUR = env.int("REQUESTS_PER_HOUR", default=60)
_limits = env.str("LIMITS", default="")
_staff_inbox = env.str("STAFF_INBOX", default="")
_from_email = env.str("DEFAULT_FROM_EMAIL", default="")
# Who needs a second factor at the desk: required (everybody), groups:Managers|Triage, or off.
STAFF_SECOND_FACTOR = env.str("STAFF_SECOND_FACTOR", default="required")
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", default=12)
# How long a worker may hold a mail before another one takes it; 0: worked out from the mail server's time-out.
MAIL_LEASE_SECONDS = env.int("MAIL_LEASE_SECONDS", default=0)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
# Whether `collectstatic` compresses what it collects, which takes longer than all the rest of it.
COMPRESS_STATIC = env.bool("COMPRESS_STATIC", default=True)
# Prometheus metrics, on a port of their own; 0: none.
METRICS_PORT = env.int("METRICS_PORT", default=0)
METRICS_HOST = env.str("METRICS_HOST", default="127.0.0.1")
LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
# Who is told of every edit, so that a network may keep pages for longer.
CDN_PURGE_URL = env.str("CDN_PURGE_URL", default="")
CDN_PURGE_TOKEN = env.str("CDN_PURGE_TOKEN", default="")
environment.finish(env)

if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is missing: set it, or SECRET_KEY_FILE, to 50 or more random characters.")
if not FIELD_KEYS:
    raise ImproperlyConfigured(
        "FIELD_KEYS is missing: set it, or FIELD_KEYS_FILE, to one or more Fernet keys, newest first, separated by commas."
    )
environment.refuse_weak("SECRET_KEY", [SECRET_KEY])
environment.refuse_weak("SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS)
environment.refuse_no_keys("FIELD_KEYS", FIELD_KEYS)
environment.refuse_no_keys("BACKUP_KEY", [BACKUP_KEY] if BACKUP_KEY else [])
if BACKUP_KEY in FIELD_KEYS:
    raise ImproperlyConfigured("BACKUP_KEY is also in FIELD_KEYS: a backup needs a key of its own.")
if not 1 <= _pool_size <= 1000:
    raise ImproperlyConfigured(f"DATABASE_POOL is {_pool_size}; it must be between 1 and 1000.")
if not 1 <= _port <= 65535:
    raise ImproperlyConfigured(f"PORT is {_port}; it must be between 1 and 65535.")
if not 0 <= METRICS_PORT <= 65535:
    raise ImproperlyConfigured(f"METRICS_PORT is {METRICS_PORT}; it must be 0 (none) or a port up to 65535.")
if REQUESTS_PER_HOUR < 0:
    raise ImproperlyConfigured(f"REQUESTS_PER_HOUR is {REQUESTS_PER_HOUR}; it must be 0, for no limit, or more.")
if MAIL_LEASE_SECONDS < 0:
    raise ImproperlyConfigured(f"MAIL_LEASE_SECONDS is {MAIL_LEASE_SECONDS}; it must be 0 (worked out) or more.")
ALLOWED_HOSTS = addressing.hosts(_allowed_hosts)
if STAFF_SECOND_FACTOR not in {"required", "off"} and not STAFF_SECOND_FACTOR.startswith("groups:"):
    raise ImproperlyConfigured(
        f"STAFF_SECOND_FACTOR is {STAFF_SECOND_FACTOR!r}; it must be required, off, or groups: with names between |."
    )
if STAFF_IDLE_MINUTES < 1 or STAFF_SESSION_HOURS < 1:
    raise ImproperlyConfigured("STAFF_IDLE_MINUTES and STAFF_SESSION_HOURS must be 1 or more.")
if not ALLOWED_HOSTS and not DEBUG:
    raise ImproperlyConfigured("ALLOWED_HOSTS is missing: name the hosts this site answers for, separated by commas.")

LIMITS = environment.limits(_limits, requests_per_hour=REQUESTS_PER_HOUR)
SITE_URL = addressing.site_url(_site_url or f"http://localhost:{_port}")
HTTPS = SITE_URL.startswith("https://")
TRUSTED_PROXIES = addressing.networks(environment.words(_trusted_proxies))
STAFF_INBOX = addressing.mailbox("STAFF_INBOX", _staff_inbox)
DEFAULT_FROM_EMAIL = addressing.mailbox("DEFAULT_FROM_EMAIL", _from_email)
CDN_PURGE_URL = machines.purge_url(CDN_PURGE_URL, token=CDN_PURGE_TOKEN)
if HTTPS and _email_url.startswith("file:"):
    raise ImproperlyConfigured(
        "EMAIL_URL writes mail to a folder, and SITE_URL is public (https): name your mail server."
    )

INSTALLED_APPS = [
    "clinic.login.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_prose_editor",
    "js_asset",
    "phonenumber_field",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "clinic",
    "content",
    "consultations",
]

MIDDLEWARE = [
    "clinic.observing.ObserveMiddleware",
    "clinic.middleware.HeadersMiddleware",
    "clinic.middleware.ForwardedMiddleware",
    "clinic.middleware.HostMiddleware",
    "content.caching.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "clinic.middleware.AddressMiddleware",
    "clinic.middleware.TidyAddressMiddleware",
    "clinic.login.middleware.TurnsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clinic.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clinic.login.middleware.SessionEndMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "content.replica.ReplicaMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["clinic.template_loaders.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.context_processors.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": environment.database(_database_url, pool_size=_pool_size)}
DATABASES |= machines.replica(_replica_url, database=DATABASES["default"], pool_size=_pool_size)
DATABASE_ROUTERS = ["content.replica.Router"] if _replica_url else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": environment.cache(_cache_url),
    # What the cache tag keeps: small, wanted by most pages, and named after the edition, so each process may have its own.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template-fragments",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}
MAILERS = {"default": environment.mailer(_email_url)}

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["clinic.formats"]
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "content.stylesheets.BundledManifestStorage"},
}

# allauth's pages for staff, see clinic/login/: no sign-up, no social accounts, no addresses of mail.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "clinic.login.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "clinic.login.forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Its own limits live in a cache that each process may have to itself; ours are in the database, see clinic/login/limits.py.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "clinic.login.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "clinic.login.forms.CodeForm",
    "reauthenticate": "clinic.login.forms.CodeAgainForm",
    "activate_totp": "clinic.login.forms.AppForm",
    "authenticate_webauthn": "clinic.login.credentials.SecondFactorForm",
    "add_webauthn": "clinic.login.credentials.AddForm",
    "login_webauthn": "clinic.login.credentials.LoginForm",
    "reauthenticate_webauthn": "clinic.login.credentials.ConfirmForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Without mail addresses there is none to verify.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1

# The first makes hashes; the second reads those of a site that is older than it, and they are made anew at the next log-in.
PASSWORD_HASHERS = ["clinic.login.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "clinic.login.passwords.LengthValidator"},
    {"NAME": "clinic.login.passwords.PatternValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Nothing inline, nothing from elsewhere. The nonce is sent only by pages that use one (the admin), so public pages
# stay the same for everyone.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# A promise to browser makers that is hard to take back, so it is the owner's to make (SECURE_HSTS_PRELOAD).
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_AGE = STAFF_SESSION_HOURS * 60 * 60
CSRF_FAILURE_VIEW = "clinic.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"

# A request form with the longest allowed message is under 64 KB even when every character is percent-encoded.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOGGING = environment.logs(LOG_FORMAT)
if _replica_url:
    # Each try to reach a copy that is away would be a line of its own; what matters of it is told once (content/replica.py).
    LOGGING["loggers"]["psycopg.pool"] = {"level": "ERROR"}
# What a visitor typed must never reach an error report, whatever handler is added to LOGGING.
DEFAULT_EXCEPTION_REPORTER_FILTER = "clinic.reporting.PrivateReporterFilter"
