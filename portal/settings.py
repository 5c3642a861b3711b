"""The one settings file: read from the environment, typed, and refused when it is not fit for production.

``ENVIRONMENT`` is production unless said otherwise, so that a forgotten variable is an error and never a hole.
The table of every variable stands in README.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.core import configcheck
from portal.core.scrub import scrub_event

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

ENVIRONMENT = env.str("ENVIRONMENT", "production")
if ENVIRONMENT not in {"production", "development", "demo", "test"}:
    raise ImproperlyConfigured("ENVIRONMENT: one of production, development, demo, test.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", ENVIRONMENT == "development")
DEMO = env.bool("DEMO", False)
# On somebody's own machine public keys will do: where DEBUG is on, in the tests, in the demonstration. Nowhere else.
OWN_MACHINE = not PRODUCTION and (DEBUG or ENVIRONMENT == "test" or (ENVIRONMENT == "demo" and DEMO))
SECRET_KEY = env.str("SECRET_KEY", configcheck.INSECURE_SECRET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "testserver"] if OWN_MACHINE else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Keys of sealed fields: "id:key,id:key"; the first seals, every one opens. The blind index has a key of its own.
SEALED_KEYS = env.str("SEALED_KEYS", f"dev1:{configcheck.DEVELOPMENT_SEALED_KEY}" if OWN_MACHINE else "")
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY", configcheck.DEVELOPMENT_INDEX_KEY if OWN_MACHINE else "")

SMS_BACKEND = env.str("SMS_BACKEND", "portal.core.sms.ConsoleBackend")
SMS_URL = env.str("SMS_URL", "")
SMS_TOKEN = env.str("SMS_TOKEN", "")
SMS_TIMEOUT = env.int("SMS_TIMEOUT", 10)
SMS_TAKES_KEY = env.bool("SMS_TAKES_KEY", False)  # on only where the provider's contract says that it drops repeats
REDIS_URL = env.str("REDIS_URL", "")
HTTPS = env.bool("HTTPS", PRODUCTION)  # off for the demonstration on loopback and for development only

# Mail: smtp+tls://user:password@host:587 or smtp+ssl://…:465; without it production sends none and offers none.
EMAIL_URL = env.str("EMAIL_URL", "")
EMAIL_FROM = env.str("EMAIL_FROM", "" if PRODUCTION else "portal@example.com")
# Where links in mail lead; the first of the allowed hosts unless said otherwise.
SITE_URL = env.str("SITE_URL", "") or (
    f"https://{ALLOWED_HOSTS[0]}" if HTTPS and ALLOWED_HOSTS else "http://127.0.0.1:8000"
)
# The workers' broker; empty where there are none, and the clock of manage.py tick or of the demonstration does it all.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", REDIS_URL)

if PRODUCTION:
    if _problems := configcheck.production_problems(
        secret_key=SECRET_KEY,
        debug=DEBUG,
        demo=DEMO,
        allowed_hosts=ALLOWED_HOSTS,
        sealed_keys=SEALED_KEYS,
        blind_index_key=BLIND_INDEX_KEY,
        sms_backend=SMS_BACKEND,
        sms_url=SMS_URL,
        sms_token=SMS_TOKEN,
        redis_url=REDIS_URL,
        https=HTTPS,
        email_url=EMAIL_URL,
        email_from=EMAIL_FROM,
        site_url=SITE_URL,
        broker_url=CELERY_BROKER_URL,
    ):
        raise ImproperlyConfigured("\n".join(["Not fit for production:", *(f"  {line}" for line in _problems)]))
elif DEMO and ENVIRONMENT != "demo":
    raise ImproperlyConfigured("DEMO: is set by manage.py demo alone.")
elif not OWN_MACHINE and (
    _problems := configcheck.exposed_problems(
        secret_key=SECRET_KEY,
        allowed_hosts=ALLOWED_HOSTS,
        sealed_keys=SEALED_KEYS,
        blind_index_key=BLIND_INDEX_KEY,
    )
):
    _title = f"Not fit with DEBUG off (ENVIRONMENT={ENVIRONMENT}):"
    raise ImproperlyConfigured("\n".join([_title, *(f"  {line}" for line in _problems)]))

INSTALLED_APPS = [
    "portal.core",
    "portal.places",
    "portal.people",
    "portal.notices",
    "portal.search",
    "portal.backoffice.apps.BackofficeConfig",
    "alliance.volunteers",
    "services.wishes",
    "portal.front",
    "portal.backoffice.apps.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_htmx",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.core.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.core.middleware.PathOnlyRequestLog",
    "portal.people.middleware.staff_idle",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.front.middleware.words_for_405",
    "portal.core.kept_answers.kept_answers",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "portal.core.templating.environment",
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "portal.front.context.page",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "backoffice"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"shown": "portal.backoffice.shown"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.front.context.desk_look",
            ],
        },
    },
]

# Databases: SQLite out of the box, PostgreSQL in production. IMMEDIATE takes the write lock at the start of an act,
# so a read inside it cannot be overtaken; recursive_triggers lets the append-only triggers see INSERT OR REPLACE.
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{quote(str(BASE_DIR / 'var' / 'db.sqlite3'))}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True  # transaction pooling in front of PostgreSQL
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Locks and limits of sign-in live in the cache: shared in production; in memory large enough that none is pushed out.
CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "portal",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
if REDIS_URL:
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}

# Workers (portal.celery): what a message says is only “look at the rows”, so it may be lost, repeated, or come late.
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 15 * 60
CELERY_TASK_TIME_LIMIT = 16 * 60
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60 * 60}  # longer than any task may run
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # what is being sent is sent and settled
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULER = "celery.beat.Scheduler"  # keeps nothing on the disk: the rows say what is due
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Mail, by the address above. No address and no text of it is logged.
_MAIL = env.email_url_config(EMAIL_URL) if EMAIL_URL else {}
EMAIL_BACKEND = _MAIL.get(
    "EMAIL_BACKEND",
    "portal.core.mail.RecordingBackend" if DEMO else "django.core.mail.backends.console.EmailBackend",
)
EMAIL_HOST, EMAIL_PORT = _MAIL.get("EMAIL_HOST") or "localhost", _MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_USER") or "", _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(_MAIL.get("EMAIL_USE_TLS")), bool(_MAIL.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 10)
DEFAULT_FROM_EMAIL = EMAIL_FROM
MAIL_ON = bool(EMAIL_URL) or not PRODUCTION

# Language and time: Chinese is the source, one time zone, 24-hour clock.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Sessions: payload sealed (allauth keeps a phone and a code in it), cookie never readable by script.
SESSION_ENGINE = "portal.core.sessions"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_NAME = "portal_session"
STAFF_IDLE_SECONDS = 30 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.front.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Transport and headers.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", int(timedelta(days=365).total_seconds())) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", str(BASE_DIR / "var" / "media"))
_PLAIN_STATIC = DEBUG or ENVIRONMENT == "test"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _PLAIN_STATIC
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = _PLAIN_STATIC
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["portal.core.uploads.InMemoryHandler"]  # never in clear on the disk

# Accounts: phone + code, or phone + password; limits of the domain (5 failures lock for 30 minutes).
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["portal.people.backends.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.people.passwords.PasswordRule", "OPTIONS": {"min_length": 8}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front:home"
ACCOUNT_ADAPTER = "portal.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "portal.people.forms.PasswordLoginForm",
    "reauthenticate": "portal.people.forms.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1"]  # allauth asks for a password at sign-in because it stands here
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "5/30m/key",  # allauth's own; what locks for the full half hour is portal.people.lockout
    "password_here": "100/30m/ip",
    "sms_here": "20/m/ip",
    "draft_kept": "60/m/user",
    "answer_kept": "300/30m/ip",  # refused forms to come back to; beyond that they are answered and not kept
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
PHONE_TRUST_DAYS = env.int("PHONE_TRUST_DAYS", 90)  # a code alone opens an account whose number was proven so lately
AUDIT_KEPT_DAYS = env.int("AUDIT_KEPT_DAYS", 1095)  # who did what; 网络安全法 asks for six months at least
if AUDIT_KEPT_DAYS < 183:
    raise ImproperlyConfigured("AUDIT_KEPT_DAYS: at least 183 days.")
MFA_ADAPTER = "portal.people.mfa.MfaAdapter"
MFA_FORMS = {
    "authenticate": "portal.people.forms.SecondFactorForm",
    "reauthenticate": "portal.people.forms.SecondFactorAgainForm",
    "activate_totp": "portal.people.forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = env.str("SITE_NAME", "益+亲")
STAFF_NEEDS_SECOND_FACTOR = not DEMO

# The site's own words and numbers; none of the filing numbers is invented.
SITE_NAME = env.str("SITE_NAME", "益+亲")
ICP_RECORD = env.str("ICP_RECORD", "")
POLICE_RECORD = env.str("POLICE_RECORD", "")

# Logs: JSON lines with request ids; whatever looks like a phone or an ID number is masked before it is written.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOG_LEVEL = env.str("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                scrub_event,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
