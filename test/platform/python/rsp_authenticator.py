"""Signs people in to JupyterHub by the headers that the ingress sets, as the Rubin Science Platform does."""

from jupyterhub.auth import Authenticator
from jupyterhub.handlers import BaseHandler, LogoutHandler
from jupyterhub.utils import url_path_join
from tornado.web import HTTPError
from traitlets import Unicode

USER_HEADER = "X-Auth-Request-User"
TOKEN_HEADER = "X-Auth-Request-Token"


def _identity(headers) -> dict:
    username = headers.get(USER_HEADER)
    token = headers.get(TOKEN_HEADER)
    if not username or not token:
        raise HTTPError(401, "User is not authenticated")
    return {"name": username, "auth_state": {"token": token}}


class HeaderLoginHandler(BaseHandler):
    """`hub/gafaelfawr/login`: turns the headers of this one request into the hub's own login cookie."""

    async def get(self):
        user = await self.auth_to_user(_identity(self.request.headers))
        self.set_login_cookie(user)
        self.redirect(self.get_next_url(user))


class LabStoppingLogoutHandler(LogoutHandler):
    """Signing out of the hub stops the labs and goes on to the platform's own sign-out page."""

    @property
    def shutdown_on_logout(self):
        return True

    async def render_logout_page(self):
        self.redirect(self.authenticator.logout_url_of_platform, permanent=False)


class GafaelfawrAuthenticator(Authenticator):
    """Believes the ingress, and keeps the delegated token of the latest request for the next lab."""

    logout_url_of_platform = Unicode("/logout", help="Where to go after signing out.", config=True)

    auto_login = True
    enable_auth_state = True
    refresh_pre_spawn = True
    refresh_pre_stop = True
    allow_all = True

    async def authenticate(self, handler, data):
        raise NotImplementedError("there is no sign-in form: the ingress has done it all")

    def get_handlers(self, app):
        return [("/gafaelfawr/login", HeaderLoginHandler), ("/logout", LabStoppingLogoutHandler)]

    def login_url(self, base_url):
        return url_path_join(base_url, "gafaelfawr/login")

    async def refresh_user(self, user, handler=None):
        headers = handler.request.headers if handler else {}
        token = headers.get(TOKEN_HEADER)
        if not token:  # a lab or the hub itself is asking, not somebody outside
            return True
        if headers.get(USER_HEADER) != user.name:
            raise HTTPError(401, "Username does not match expected identity")
        auth_state = await user.get_auth_state() or {}
        return True if auth_state.get("token") == token else _identity(headers)
