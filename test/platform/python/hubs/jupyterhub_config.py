"""A JupyterHub like those of departments and computing centres, with values of this run from a file.

Works with JupyterHub 3 to 6; what is not mentioned here is JupyterHub's default.
"""

import json
import os
import sys
from pathlib import Path

import jupyterhub

sys.path.insert(0, str(Path(__file__).parent))

from hub_spawner import LabSpawner, StubSpawner  # noqa: E402

settings = json.loads(Path(os.environ["PLAIN_HUB_SETTINGS"]).read_text())
c = get_config()  # noqa: F821
major = int(jupyterhub.__version__.split(".")[0])

c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings['hubPort']}"
c.JupyterHub.bind_url = f"http://127.0.0.1:{settings['proxyPort']}{settings['basePath']}"
c.JupyterHub.subdomain_host = settings["subdomainHost"]
c.JupyterHub.db_url = f"sqlite:///{settings['folder']}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{settings['folder']}/cookie-secret"
c.ConfigurableHTTPProxy.command = settings["proxyCommand"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['proxyApiPort']}"
c.ConfigurableHTTPProxy.auth_token = settings["proxyToken"]
c.ConfigurableHTTPProxy.pid_file = f"{settings['folder']}/proxy.pid"

if settings["provider"]:
    from oauthenticator.generic import GenericOAuthenticator

    provider = settings["provider"]
    c.JupyterHub.authenticator_class = GenericOAuthenticator
    c.GenericOAuthenticator.client_id = provider["clientId"]
    c.GenericOAuthenticator.client_secret = provider["clientSecret"]
    c.GenericOAuthenticator.authorize_url = f"{provider['url']}/authorize"
    c.GenericOAuthenticator.token_url = f"{provider['url']}/token"
    c.GenericOAuthenticator.userdata_url = f"{provider['url']}/userinfo"
    c.GenericOAuthenticator.oauth_callback_url = f"{settings['url']}hub/oauth_callback"
    c.GenericOAuthenticator.username_key = c.GenericOAuthenticator.username_claim = "preferred_username"
    c.GenericOAuthenticator.scope = ["openid"]
    c.GenericOAuthenticator.login_service = "the university"
    c.Authenticator.auto_login = provider["autoLogin"]
    # It knows this with hubs that do not, yet.
    c.GenericOAuthenticator.allow_all = True
else:
    c.JupyterHub.authenticator_class = "dummy"
    c.DummyAuthenticator.password = settings["password"]
if major >= 5:
    c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = LabSpawner if settings["startsLabs"] else StubSpawner
c.RecordingSpawner.record_file = settings["recordFile"]
c.RecordingSpawner.form_folder = settings["formFolder"]
c.RecordingSpawner.checks_images = settings["checksImages"]
c.RecordingSpawner.failure = settings["failure"]
c.RecordingSpawner.start_seconds = settings["startSeconds"]
c.RecordingSpawner.messages = settings["messages"]
# Read anew for each page, so that one hub can serve many forms; an empty one is none.
c.Spawner.options_form = lambda spawner: spawner.form_html
c.Spawner.start_timeout = settings["startTimeoutSeconds"]
c.Spawner.http_timeout = 60
c.Spawner.poll_interval = 5
c.Spawner.mem_limit = settings["memoryLimit"] or None
c.Spawner.cpu_limit = settings["cpuLimit"] or None
c.SimpleLocalProcessSpawner.home_dir_template = f"{settings['folder']}/homes/{{username}}"
c.LabSpawner.cmd = settings["labCommand"]
# The same mend as in the other labs, without which some kernels lose every reply.
c.LabSpawner.environment = {
    "JUPYTER_CONFIG_PATH": str(Path(__file__).parent.parent / "config"),
    "TOKENS_SEEN_FILE": settings["tokensSeenFile"],
}
c.JupyterHub.allow_named_servers = settings["namedServers"]
c.JupyterHub.named_server_limit_per_user = settings["namedServerLimit"]
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": settings["slowSpawnSeconds"]}
c.JupyterHub.concurrent_spawn_limit = 0

c.JupyterHub.services = [{"name": "tests", "api_token": settings["serviceToken"]}]
c.JupyterHub.load_roles = [
    {
        "name": "tests",
        "services": ["tests"],
        "scopes": ["admin:users", "admin:servers", "tokens", *(["shares", "admin:groups"] if major >= 5 else [])],
    },
]
