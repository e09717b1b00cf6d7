"""JupyterHub as the Rubin Science Platform sets it up, with values of this run from a file.

What is not mentioned here is JupyterHub's default, above all the rules for XSRF and cookies.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from rsp_authenticator import GafaelfawrAuthenticator  # noqa: E402
from rsp_spawner import NubladoSpawner  # noqa: E402

settings = json.loads(Path(os.environ["RSP_HUB_SETTINGS"]).read_text())
c = get_config()  # noqa: F821

c.JupyterHub.base_url = "/nb"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings['hubPort']}"
c.JupyterHub.bind_url = f"http://127.0.0.1:{settings['proxyPort']}/nb"
if settings["subdomains"]:
    c.JupyterHub.subdomain_host = settings["publicUrl"]
c.JupyterHub.db_url = f"sqlite:///{settings['folder']}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{settings['folder']}/cookie-secret"
c.CryptKeeper.keys = [bytes.fromhex(settings["cryptKey"])]

# The proxy is a process of its own, and hub, proxy and labs outlive each other.
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['proxyApiPort']}"
c.ConfigurableHTTPProxy.auth_token = settings["proxyToken"]
c.JupyterHub.cleanup_servers = False
c.JupyterHub.cleanup_proxy = False

c.JupyterHub.authenticator_class = GafaelfawrAuthenticator
c.GafaelfawrAuthenticator.logout_url_of_platform = settings["logoutUrl"]

c.JupyterHub.spawner_class = NubladoSpawner
c.NubladoSpawner.controller_url = settings["controllerUrl"]
c.NubladoSpawner.admin_token = settings["controllerToken"]
c.NubladoSpawner.ca_file = settings["caFile"]
c.NubladoSpawner.live_progress = settings["liveProgress"]
c.Spawner.start_timeout = 600
c.Spawner.http_timeout = settings["httpTimeoutSeconds"]
c.Spawner.poll_interval = settings["pollIntervalSeconds"]
c.Spawner.consecutive_failure_limit = 0
c.Spawner.environment = {"JUPYTERHUB_ACTIVITY_INTERVAL": "3600"}
c.JupyterHub.concurrent_spawn_limit = 0
c.JupyterHub.allow_named_servers = False
# Zero to JupyterHub on Kubernetes does this: a spawn is answered with 202 at once instead of after up to ten seconds.
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}

c.JupyterHub.services = [{"name": "platform", "api_token": settings["serviceToken"]}]
c.JupyterHub.load_roles = [
    {"name": "server", "scopes": ["access:servers!user", "delete:servers!user", "users:activity!user"]},
    {"name": "platform", "services": ["platform"], "scopes": ["proxy"]},
]
