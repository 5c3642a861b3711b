"""What production refuses to start with, each refusal with the words that mend it."""

import base64
import binascii
from collections.abc import Sequence

INSECURE_SECRET = "insecure-development-key-never-used-in-production"  # noqa: S105 — refused below


# Keys of development stand in the repository for everybody to read.
DEVELOPMENT_SEALED_KEY = "ZGV2ZWxvcG1lbnQta2V5LW9mLXRoaXJ0eS10d28tYi4="
DEVELOPMENT_INDEX_KEY = "ZGV2ZWxvcG1lbnQtaW5kZXgtb2YtMzItYnl0ZXMtLi4="


def key_problem(text: str) -> str:
    """Why ``text`` cannot be a 256-bit key in URL-safe base64; empty when it can."""
    try:
        size = len(base64.urlsafe_b64decode(text))
    except (binascii.Error, ValueError):
        return "is not URL-safe base64"
    return "" if size == 32 else f"holds {size} bytes instead of 32"


def sealed_key_problems(text: str) -> list[str]:
    """Problems of a ``SEALED_KEYS`` value: ``id:base64`` pairs by comma, the first seals, all open."""
    found: list[str] = []
    seen: set[str] = set()
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = pair.partition(":")
        if not name.isalnum() or key_problem(value):
            found.append(f"SEALED_KEYS: entry {name!r} {key_problem(value) or 'needs a plain id before the colon'}")
        if name in seen:
            found.append(f"SEALED_KEYS: the id {name!r} stands there twice; give each key an id of its own.")
        seen.add(name)
    return found


def exposed_problems(
    *, secret_key: str, allowed_hosts: Sequence[str], sealed_keys: str, blind_index_key: str
) -> list[str]:
    """Keys that everybody knows, and hosts that anybody may claim to be: unfit for whatever is not somebody's own
    machine, whatever the environment is called."""
    problems = []
    if secret_key == INSECURE_SECRET or len(secret_key) < 50:
        problems.append("SECRET_KEY: set a random value of at least 50 characters.")
    if not allowed_hosts or "*" in allowed_hosts or any(host.startswith(".") for host in allowed_hosts):
        problems.append("ALLOWED_HOSTS: list the exact host names, by comma; no wildcard.")
    if not sealed_keys:
        problems.append("SEALED_KEYS: set id:key pairs; make a key with manage.py make_key.")
    problems.extend(sealed_key_problems(sealed_keys))
    if DEVELOPMENT_SEALED_KEY in sealed_keys or blind_index_key == DEVELOPMENT_INDEX_KEY:
        problems.append("SEALED_KEYS, BLIND_INDEX_KEY: the keys of development are public; make your own.")
    if not blind_index_key or key_problem(blind_index_key):
        problems.append("BLIND_INDEX_KEY: set a 256-bit key of its own; make one with manage.py make_key.")
    if sealed_keys and blind_index_key and blind_index_key in sealed_keys:
        problems.append("BLIND_INDEX_KEY: must differ from every key in SEALED_KEYS.")
    return problems


def production_problems(
    *,
    secret_key: str,
    debug: bool,
    demo: bool,
    allowed_hosts: Sequence[str],
    sealed_keys: str,
    blind_index_key: str,
    sms_backend: str,
    sms_url: str,
    sms_token: str,
    redis_url: str,
    https: bool,
    email_url: str = "",
    email_from: str = "",
    site_url: str = "https://",
    broker_url: str = "redis://",
) -> list[str]:
    """Everything that makes these values unfit for real people's data."""
    problems = exposed_problems(
        secret_key=secret_key, allowed_hosts=allowed_hosts, sealed_keys=sealed_keys, blind_index_key=blind_index_key
    )
    if debug:
        problems.append("DEBUG: must be off in production; unset it, or set ENVIRONMENT=development.")
    if demo:
        problems.append("DEMO: must be off in production; the demonstration is started by manage.py demo alone.")
    if not sms_backend.endswith(".HttpBackend"):
        problems.append(
            "SMS_BACKEND: set portal.core.sms.HttpBackend with SMS_URL and SMS_TOKEN; codes must reach phones."
        )
    elif not sms_url.startswith("https://") or not sms_token:
        problems.append("SMS_URL, SMS_TOKEN: set the provider's https address and the token it gave you.")
    if not redis_url:
        problems.append("REDIS_URL: set a shared cache; a lock after failed sign-ins must hold in every process.")
    if not broker_url.startswith(("redis://", "rediss://")):
        problems.append("CELERY_BROKER_URL: set a Redis address, or unset it to use REDIS_URL.")
    if email_url and not email_url.startswith(("smtp+tls://", "smtps://", "smtp+ssl://")):
        problems.append("EMAIL_URL: set smtp+tls:// or smtp+ssl://; mail is handed over under TLS or not at all.")
    if email_url and "@" not in email_from:
        problems.append("EMAIL_FROM: set the address that mail comes from.")
    if not site_url.startswith("https://"):
        problems.append("SITE_URL: set the https address of the site; links in mail lead there.")
    if not https:
        problems.append("HTTPS: must be on in production; unset it. Only development and the demonstration go without.")
    return problems
