"""Settings: read once from the environment and `instance/`; frozen, with units and defaults."""

import os
import secrets
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MIN_SECRET_CHARS = 32


class ConfigError(Exception):
    """The settings do not allow a start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of an installation. Environment names are QUIZAPP_<FIELD> in capitals."""

    secret_key: str
    database_url: str
    instance_dir: Path
    production: bool = False
    """True behind TLS: Secure cookies with the __Host- prefix, HSTS."""
    trusted_proxies: int = 0
    """How many reverse proxies in front may set X-Forwarded-*; 0 ignores these headers."""
    session_h: int = 12
    """Hours after which a sign-in ends, whatever happens; longer than any exam."""
    lock_wait_s: float = 3.0
    """Seconds a request may wait for the write lock before it answers 503."""
    network_allowance_s: int = 30
    """Seconds after the deadline in which answers given before it may still arrive."""
    account_failures: int = 5
    """Wrong passwords in `failure_window_s` after which an account must wait."""
    address_failures: int = 200
    """Wrong passwords from one address in `failure_window_s`; a whole bureau may share one."""
    failure_window_s: int = 900
    upkeep_s: float = 5.0
    """Seconds between two looks for expired attempts; 0 leaves it to `flask close-expired`."""
    board_cache_s: float = 5.0
    """Seconds for which a live board is shown again without being counted anew."""
    year_goal_h: int = 60
    """Training hours an officer should reach in a year; 0 shows no goal."""
    upload_mb: int = 20
    """Largest accepted upload in MiB; no file of questions or of a table may be larger than 20."""
    language: str = "zh"
    """Language shown to somebody who has chosen none: zh or en."""


def read_settings(environ: dict[str, str] | None = None) -> Settings:
    """Return the settings of this process.

    `DATABASE_URL` names the database (default: SQLite in the instance folder), `SECRET_KEY` or
    the file `instance/secret.key` the secret. Raises ConfigError when the secret is missing or a
    name is unknown.
    """
    env = dict(os.environ if environ is None else environ)
    instance = Path(env.get("QUIZAPP_INSTANCE_DIR") or ROOT / "instance")
    known = {f"QUIZAPP_{f.name.upper()}": f for f in fields(Settings)}
    unknown = sorted(name for name in env if name.startswith("QUIZAPP_") and name not in known)
    if unknown:
        raise ConfigError(f"unknown settings: {', '.join(unknown)}")
    settings = Settings(
        secret_key=env.get("SECRET_KEY") or _secret_file(instance),
        database_url=_database_url(env.get("DATABASE_URL", ""), instance),
        instance_dir=instance,
    )
    chosen: dict[str, Any] = {
        field.name: _typed(env[name], getattr(settings, field.name))
        for name, field in known.items()
        if name in env and field.name not in ("secret_key", "database_url", "instance_dir")
    }
    return replace(settings, **chosen)


def _database_url(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'quiz.sqlite'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _secret_file(instance: Path) -> str:
    path = instance / "secret.key"
    try:
        secret = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise ConfigError(
            f"no secret: set SECRET_KEY or run `make setup` (it writes {path})"
        ) from None
    if len(secret) < MIN_SECRET_CHARS:
        raise ConfigError(
            f"the secret in {path} is too short; delete the file and run `make setup`"
        )
    return secret


def make_secret(instance: Path) -> bool:
    """Leave `instance/secret.key` readable by its owner only; True when it had to be made."""
    path = instance / "secret.key"
    instance.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(48) + "\n")
    return True


def _typed(text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() not in ("0", "1", "true", "false", "yes", "no"):
            raise ConfigError(f"not a yes or no: {text!r}")
        return text.lower() in ("1", "true", "yes")
    try:
        return type(default)(text)  # type: ignore[call-arg]
    except ValueError:
        raise ConfigError(f"not a number: {text!r}") from None
