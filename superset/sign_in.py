"""Who comes into Superset, where there is single sign-on: nobody but through the provider."""

from __future__ import annotations

import logging
import time
from typing import Any

import jwt
from authlib.integrations.base_client import OAuthError
from authlib.oauth2.claims import JWTClaims
from flask import current_app, make_response, redirect, render_template_string, request, session
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.views import AuthOAuthView
from flask_appbuilder.utils.base import get_safe_redirect
from flask_login import login_user
from guests import GuestSecurityManager
from joserfc.errors import JoseError
from requests import RequestException
from single_sign_on import (
    ADMIN,
    ALGORITHMS,
    OPEN_EDX,
    Claims,
    RefusedError,
    SingleSignOn,
)

logger = logging.getLogger(__name__)

# Stands where a password's hash would, and is the hash of none.
NO_PASSWORD = "single sign-on"  # noqa: S105
# When a session ends; one that has no such moment began before there was single sign-on.
UNTIL = "single_sign_on_until"
LEEWAY_SECONDS = 30

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{{ title }}</title>
<body style="font-family: sans-serif; max-width: 40em; margin: 4em auto">
<h1>{{ title }}</h1><p>{{ reason }}</p><p><a href="{{ again }}">Try again</a></p>
"""


class SignInView(AuthOAuthView):
    """Where the provider sends people back to."""

    @expose("/oauth-authorized/<provider>")
    @no_cache
    def oauth_authorized(self, provider: str) -> Any:
        """Let them in, or say in a sentence why not."""
        try:
            user = self.appbuilder.sm.sign_in(claims_of_request(self.appbuilder.sm, provider))
        except RefusedError as refusal:
            logger.warning("Signing in was refused: %s", refusal)
            page = render_template_string(
                PAGE,
                title="You cannot come in",
                reason=str(refusal),
                again=self.appbuilder.get_url_for_login,
            )
            return make_response(page, 403)
        login_user(user)
        session[UNTIL] = time.time() + _settings().hours * 3600
        return redirect(get_safe_redirect(_asked_for()))


def _settings() -> SingleSignOn:
    settings: SingleSignOn = current_app.config["SINGLE_SIGN_ON"]
    return settings


def _asked_for() -> str:
    """The page that somebody wanted to see before they had to sign in."""
    try:
        key = session.pop("oauth_state", "")
        state = jwt.decode(request.args["state"], key, algorithms=["HS256"])
        return str(state["next"][0])
    except (jwt.InvalidTokenError, LookupError):
        return ""


def claims_of_request(manager: SignInSecurityManager, provider: str) -> Claims:
    """What the provider says of who comes back from it: signed by it, for us, now, and asked by us.

    Raises RefusedError where anything of that is not so.
    """
    if provider not in manager.oauth_remotes:
        raise RefusedError("There is no such provider.")
    settings = _settings()
    remote = manager.oauth_remotes[provider]
    expected: dict[str, Any] = {
        "claims_options": settings.claims_options(),
        "leeway": LEEWAY_SECONDS,
    }
    try:
        metadata = remote.load_server_metadata()
        metadata["id_token_signing_alg_values_supported"] = list(ALGORITHMS)
        if "jwks_uri" in metadata:
            metadata.pop("jwks", None)  # so that a key which was withdrawn counts no longer
        if settings.kind == OPEN_EDX:
            token = remote.authorize_access_token()
            signed = {"id_token": token["access_token"]}
            return remote.parse_id_token(signed, None, claims_cls=JWTClaims, **expected)
        claims = remote.authorize_access_token(**expected).get("userinfo")
    except JoseError as error:
        raise RefusedError(
            f"What {settings.issuer} sent cannot be trusted: {error.description or error.error}."
        ) from error
    except OAuthError as error:
        raise RefusedError(
            f"Signing in at {settings.issuer} came to no end: {error.description or error.error}."
        ) from error
    except (RequestException, ValueError, LookupError, RuntimeError) as error:
        logger.exception("Signing in failed")
        raise RefusedError(
            f"{settings.issuer} did not answer as it should; the log of Superset says how."
        ) from error
    if not claims:
        raise RefusedError(f"{settings.issuer} sent no ID token.")
    return claims


class SignInSecurityManager(GuestSecurityManager):
    """Superset's own, but that passwords open nothing and roles are those of the claims."""

    authoauthview = SignInView

    def create_login_manager(self, app: Any) -> Any:
        """Sessions are those of single sign-on, and end when it is time to ask again."""
        manager = super().create_login_manager(app)
        manager.user_loader(self.load_signed_in)
        return manager

    def load_signed_in(self, key: str) -> Any:
        """The user of a session, or None when it is over or did not begin at the provider."""
        return self.load_user(key) if session.get(UNTIL, 0) > time.time() else None

    def auth_user_db(self, username: str, password: str) -> None:  # noqa: ARG002
        """Nobody: Superset's own passwords open nothing, in pages and in the API alike."""
        logger.warning("A password was given where there is single sign-on, and refused.")

    auth_user_ldap = auth_user_db

    def sign_in(self, claims: Claims) -> Any:
        """The user whom the claims are about, with the roles that they give and no others.

        Raises RefusedError where they give none; a former user has lost the roles by then.
        """
        settings = _settings()
        person = settings.person(claims)
        user = self.find_user(username=person.username)
        if user and user.password != NO_PASSWORD and ADMIN in {role.name for role in user.roles}:
            raise RefusedError(
                f"{person.username} is an administrator of Superset who has a password: such "
                "accounts are not reached by single sign-on."
            )
        if user and not user.is_active:
            raise RefusedError(f"{person.username} has been deactivated in Superset.")
        names = settings.role_names(claims)
        roles = [role for name in names if (role := self.find_role(name))]
        if len(roles) < len(names):
            logger.error("SUPERSET_SSO_ROLES gives roles that Superset has not: %s", names)
        if user:
            user.roles, user.groups, user.password = roles, [], NO_PASSWORD
            user.first_name, user.last_name = person.first_name, person.last_name
            if self.update_user(user) is False:
                raise RefusedError(f"Superset could not change the roles of {person.username}.")
        if not roles:
            raise RefusedError(
                f"You are {person.username}, but none of what {settings.issuer} says of you opens "
                "anything here: ask who runs it for a role."
            )
        if not user:
            user = self._add(person.username, person.first_name, person.last_name, roles)
        self.update_user_auth_stat(user)
        return user

    def _add(self, username: str, first_name: str, last_name: str, roles: list[Any]) -> Any:
        user = self.add_user(
            username=username,
            first_name=first_name,
            last_name=last_name,
            # Nothing is sent to it, so nobody's address need be kept; each must be another one.
            email=f"{username}@single-sign-on.invalid",
            role=roles,
            hashed_password=NO_PASSWORD,
        )
        if not user:
            raise RefusedError(f"Superset could not make the user {username}: its log says why.")
        return user
