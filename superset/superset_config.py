"""Apache Superset as the warehouse's dashboards need it; every secret comes from the environment.

Superset reads it where SUPERSET_CONFIG_PATH names it. docs/superset.md has the variables, and what
production adds.
"""

import os
from pathlib import Path

from babel import Locale

HOME = Path(os.environ.get("SUPERSET_HOME", Path.home() / ".superset"))
REDIS_URL = os.environ.get("SUPERSET_REDIS_URL", "")
CACHE_SECONDS = int(os.environ.get("SUPERSET_CACHE_SECONDS", "300"))

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
GUEST_TOKEN_JWT_SECRET = os.environ.get("SUPERSET_GUEST_TOKEN_SECRET", SECRET_KEY)
SQLALCHEMY_DATABASE_URI = os.environ.get(
    "SUPERSET_METADATA_URI", f"sqlite:///{HOME / 'superset.db'}"
)

FEATURE_FLAGS = {
    # Which roles see a dashboard is said with it, and not by access to its datasets alone.
    "DASHBOARD_RBAC": True,
    "EMBEDDED_SUPERSET": True,
    # `{{ current_username() }}` in rules on rows.
    "ENABLE_TEMPLATE_PROCESSING": True,
    # Off by default, and then SQL Lab shows all rows to whoever may use it.
    "RLS_IN_SQLLAB": True,
}
# Superset's own role for guests would show every dashboard that is embedded anywhere.
GUEST_ROLE_NAME = os.environ.get("SUPERSET_GUEST_ROLE", "Public")
PUBLIC_ROLE_LIKE = None

# Behind a proxy that ends HTTPS, both are as Superset has them: on.
TALISMAN_ENABLED = os.environ.get("SUPERSET_TALISMAN", "true").lower() == "true"
SESSION_COOKIE_SECURE = os.environ.get("SUPERSET_COOKIE_SECURE", "false").lower() == "true"
SESSION_COOKIE_SAMESITE = "Lax"
ENABLE_PROXY_FIX = os.environ.get("SUPERSET_BEHIND_PROXY", "false").lower() == "true"


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
BABEL_DEFAULT_LOCALE = os.environ.get("SUPERSET_LANGUAGE", "en")

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
