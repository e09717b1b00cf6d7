"""Spawners that write down what they were asked for."""

import ast
import asyncio
import json
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner, Spawner
from tornado import httpserver, netutil, web
from traitlets import Bool, Float, List, Unicode
from traitlets.config import LoggingConfigurable


class RecordingSpawner(LoggingConfigurable):
    """Appends the options of each start to a file, as the spawner got to see them."""

    record_file = Unicode(config=True)
    checks_images = Bool(False, config=True, help="Whether the image has to be as Tapis hubs want it.")
    form_folder = Unicode(config=True)
    failure = Unicode(config=True, help="The words with which every start fails, if any.")
    start_seconds = Float(0, config=True)
    messages = List(Unicode(), config=True, help="Told in the course of a start.")

    def options_from_form(self, formdata):
        """KubeSpawner keeps what belongs to the profile; everything else gets the lists as they came."""
        if "kubespawner-profiles-list" not in self.form_html:
            return formdata
        profile = formdata.get("profile", [None])[0]
        if not profile:
            return {}
        prefix = f"profile-option-{profile}--"
        options = {name[len(prefix) :]: values[0] for name, values in formdata.items() if name.startswith(prefix)}
        return {"profile": profile, **options}

    @property
    def form_html(self):
        own = Path(self.form_folder, f"{self.user.name}.html")
        return (own if own.exists() else Path(self.form_folder, "form.html")).read_text()

    def record(self):
        line = {"user": self.user.name, "server": self.name, "options": self.user_options}
        with Path(self.record_file).open("a") as file:
            # Uploads are bytes; their names are enough.
            file.write(json.dumps(line, default=str) + "\n")

    async def before_start(self):
        self.record()
        if self.checks_images or "value='{" in self.form_html:
            self.check_image()
        await asyncio.sleep(self.user_options.get("seconds", self.start_seconds))
        if self.failure:
            raise web.HTTPError(500, self.failure)

    def check_image(self):
        """As the start hook of Tapis hubs does: the first of a list, written as Python writes it."""
        chosen = self.user_options.get("image")
        if not isinstance(chosen, list) or not chosen:
            raise web.HTTPError(403, "No image was chosen.")
        image = ast.literal_eval(chosen[0])
        if not isinstance(image, dict) or "name" not in image:
            raise web.HTTPError(403, "This image is not allowed.")

    async def progress(self):
        for place, message in enumerate(self.messages):
            yield {"progress": 10 * (place + 1), "message": message}


class StubSpawner(RecordingSpawner, Spawner):
    """Puts a server in place of a lab that says yes to everything, within the hub's own process."""

    _stub = None

    async def start(self):
        await self.before_start()
        (socket,) = netutil.bind_sockets(0, "127.0.0.1")
        self._stub = httpserver.HTTPServer(web.Application([(".*", Yes)]))
        self._stub.add_socket(socket)
        return f"http://127.0.0.1:{socket.getsockname()[1]}"

    async def stop(self, now=False):
        if self._stub:
            self._stub.stop()
        self._stub = None

    async def poll(self):
        return None if self._stub else 0


class Yes(web.RequestHandler):
    def prepare(self):
        self.finish({"version": "stub"})


class LabSpawner(RecordingSpawner, SimpleLocalProcessSpawner):
    """Starts JupyterLab for real, as a process of whoever runs the hub."""

    def get_env(self):
        """What was chosen can be read within the lab."""
        return {**super().get_env(), "SPAWN_OPTIONS": json.dumps(self.user_options, default=str)}

    async def start(self):
        await self.before_start()
        return await super().start()
