"""Apache Superset as the warehouse's dashboards need it; every secret comes from the environment.

Superset reads it where SUPERSET_CONFIG_PATH names it. docs/superset.md has the variables, and what
production adds.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

from babel import Locale

# Superset reads this file by its path, so that the ones beside it are not found by themselves.
sys.path.insert(0, str(Path(__file__).resolve().parent))
from environment import language, origins, required, whole_number
from escaping import escape_backslashes
from guests import GuestSecurityManager
from single_sign_on import PROVIDER, read_single_sign_on

escape_backslashes()

HOME = Path(os.environ.get("SUPERSET_HOME", Path.home() / ".superset"))
REDIS_URL = os.environ.get("SUPERSET_REDIS_URL", "")
CACHE_SECONDS = whole_number(os.environ, "SUPERSET_CACHE_SECONDS", 300)

SECRET_KEY = required(os.environ, "SUPERSET_SECRET_KEY", "`openssl rand -hex 24` makes one")
SQLALCHEMY_DATABASE_URI = os.environ.get(
    "SUPERSET_METADATA_URI", f"sqlite:///{HOME / 'superset.db'}"
)

# Whoever has this secret may show the dashboards of any course: authoring tools have it, too, so it
# is another one than Superset's own, and without it nothing is embedded.
GUEST_TOKEN_JWT_SECRET = os.environ.get("SUPERSET_GUEST_TOKEN_SECRET", "")
if GUEST_TOKEN_JWT_SECRET and len(GUEST_TOKEN_JWT_SECRET) < 32:
    raise SystemExit("SUPERSET_GUEST_TOKEN_SECRET is too short: it has 32 characters or more.")
GUEST_TOKEN_JWT_AUDIENCE = "superset"  # noqa: S105
GUEST_ROLE_NAME = "warehouse_embedded"

FEATURE_FLAGS = {
    # Which roles see a dashboard is said with it, and not by access to its datasets alone.
    "DASHBOARD_RBAC": True,
    "EMBEDDED_SUPERSET": bool(GUEST_TOKEN_JWT_SECRET),
    # `{{ current_username() }}` in rules on rows.
    "ENABLE_TEMPLATE_PROCESSING": True,
    # Off by default, and then SQL Lab shows all rows to whoever may use it.
    "RLS_IN_SQLLAB": True,
}
PUBLIC_ROLE_LIKE = None

# Behind a proxy that ends HTTPS, both are as Superset has them: on.
TALISMAN_ENABLED = os.environ.get("SUPERSET_TALISMAN", "true").lower() == "true"
# The pages that may show a dashboard of ours, as https://studio.example.org, with blanks between.
EMBEDDING_ORIGINS = origins(os.environ, "SUPERSET_EMBEDDING_ORIGINS")
if EMBEDDING_ORIGINS:
    # That file has read its own settings by now, and reads ours at its end.
    from superset.config import TALISMAN_CONFIG as _HEADERS

    _POLICY = _HEADERS["content_security_policy"]
    TALISMAN_CONFIG = _HEADERS | {
        "frame_options": None,
        "content_security_policy": _POLICY | {"frame-ancestors": ["'self'", *EMBEDDING_ORIGINS]},
    }
SESSION_COOKIE_SECURE = os.environ.get("SUPERSET_COOKIE_SECURE", "false").lower() == "true"
SESSION_COOKIE_SAMESITE = "Lax"
ENABLE_PROXY_FIX = os.environ.get("SUPERSET_BEHIND_PROXY", "false").lower() == "true"

CUSTOM_SECURITY_MANAGER: type = GuestSecurityManager
SINGLE_SIGN_ON = read_single_sign_on(os.environ)
if SINGLE_SIGN_ON:
    from flask_appbuilder.security.manager import AUTH_OAUTH
    from sign_in import SignInSecurityManager

    AUTH_TYPE = AUTH_OAUTH
    CUSTOM_SECURITY_MANAGER = SignInSecurityManager
    OAUTH_PROVIDERS = [
        {"name": PROVIDER, "icon": "fa-key", "remote_app": SINGLE_SIGN_ON.remote_app()}
    ]
    # Maria and maria may be two people, and courses go by the name.
    AUTH_USERNAME_CI = False
    PERMANENT_SESSION_LIFETIME = timedelta(hours=SINGLE_SIGN_ON.hours)


def _cache(name: str, seconds: int) -> dict[str, object]:
    """A cache in Redis where there is one, and else in the metadata folder."""
    common = {"CACHE_DEFAULT_TIMEOUT": seconds, "CACHE_KEY_PREFIX": f"superset_{name}_"}
    if REDIS_URL:
        return common | {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": REDIS_URL}
    return common | {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": str(HOME / "cache" / name)}


CACHE_CONFIG = _cache("metadata", 86_400)
DATA_CACHE_CONFIG = _cache("data", CACHE_SECONDS)
FILTER_STATE_CACHE_CONFIG = _cache("filters", 7 * 86_400)
EXPLORE_FORM_DATA_CACHE_CONFIG = _cache("explore", 7 * 86_400)
RATELIMIT_STORAGE_URI = REDIS_URL or "memory://"

SQLLAB_TIMEOUT = 60
SUPERSET_WEBSERVER_TIMEOUT = 60
ROW_LIMIT = 10_000
LANGUAGES = {
    "en": {"flag": "us", "name": "English"},
    "es": {"flag": "es", "name": "Español"},
    "fr": {"flag": "fr", "name": "Français"},
    "ar": {"flag": "sa", "name": "العربية"},
}
BABEL_DEFAULT_LOCALE = language(os.environ, "SUPERSET_LANGUAGE", LANGUAGES)

# Numbers and days in charts, which are the same for everybody: as that language writes them.
_LOCALE = Locale.parse(BABEL_DEFAULT_LOCALE)
_SYMBOLS = _LOCALE.number_symbols["latn"]
_SUNDAY_FIRST = (6, 0, 1, 2, 3, 4, 5)
D3_FORMAT = {"decimal": _SYMBOLS["decimal"], "thousands": _SYMBOLS["group"], "grouping": [3]}
D3_TIME_FORMAT = {
    "days": [_LOCALE.days["format"]["wide"][day] for day in _SUNDAY_FIRST],
    "shortDays": [_LOCALE.days["format"]["abbreviated"][day] for day in _SUNDAY_FIRST],
    "months": [*_LOCALE.months["format"]["wide"].values()],
    "shortMonths": [*_LOCALE.months["format"]["abbreviated"].values()],
}

APP_NAME = os.environ.get("SUPERSET_APP_NAME", "Learning analytics")

# Told apart also by those who do not see red or green (Okabe and Ito), darkest first.
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "xapiWarehouse",
        "label": "xAPI warehouse",
        "description": "Colours that the colour-blind can tell apart",
        "isDefault": True,
        "colors": [
            "#0072B2",
            "#E69F00",
            "#009E73",
            "#CC79A7",
            "#56B4E9",
            "#D55E00",
            "#6C757D",
            "#B8A800",
        ],
    }
]

_TOKENS = {
    "brandAppName": APP_NAME,
    "brandLogoAlt": APP_NAME,
    "brandLogoUrl": "/static/assets/images/superset-logo-horiz.png",
    "brandLogoHref": "/",
    "brandLogoHeight": "24px",
    "brandLogoMargin": "18px 0",
    "colorPrimary": "#00658F",
    "colorLink": "#00658F",
    "colorInfo": "#0072B2",
    "colorSuccess": "#007A5A",
    "colorWarning": "#B36B00",
    "colorError": "#B23C00",
    # No fonts from elsewhere: a page needs nothing but this server.
    "fontUrls": [],
    "fontFamily": "Inter, 'Noto Sans', 'Noto Sans Arabic', Helvetica, Arial, sans-serif",
}
THEME_DEFAULT = {"token": _TOKENS, "algorithm": "default"}
THEME_DARK = {"token": _TOKENS | {"colorPrimary": "#56B4E9"}, "algorithm": "dark"}
