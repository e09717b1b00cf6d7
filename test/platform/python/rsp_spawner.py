"""Has labs started, watched and stopped by the Nublado controller, as the Rubin Science Platform does."""

import asyncio
import json
import ssl
from dataclasses import dataclass

import httpx
from httpx_sse import aconnect_sse
from jupyterhub.spawner import Spawner
from traitlets import Bool, Unicode, default

DELETE_TIMEOUT_SECONDS = 300
REQUEST_TIMEOUT_SECONDS = 60
PROGRESS_OF_RUNNING_POD = 75


class ControllerError(Exception):
    """The controller said no, or did not answer; the text is what people get to read."""

    @classmethod
    def of(cls, error: httpx.HTTPError) -> "ControllerError":
        if not isinstance(error, httpx.HTTPStatusError):
            return cls(f"{type(error).__name__}: {error}")
        request, response = error.request, error.response
        text = f"Status {response.status_code} from {request.method} {request.url}"
        return cls(f"{text}\nBody:\n{response.text}\n" if response.text else text)


class LabSpawnFailed(Exception):
    """The controller accepted the lab and could not bring it up."""


@dataclass(frozen=True)
class Step:
    """One thing that happened on the way to a running lab."""

    progress: int
    severity: str
    message: str

    @classmethod
    def of(cls, event, progress: int) -> "Step":
        """Reads an event of the controller; `progress` is what counts where it names none."""
        try:
            data = json.loads(event.data)
            message, progress = data["message"], int(data.get("progress", progress))
        except (ValueError, KeyError, TypeError):
            message = event.data
        if event.event == "complete":
            return cls(PROGRESS_OF_RUNNING_POD, "info", message)
        known = {"info": "info", "error": "error", "failed": "error"}
        return cls(progress, known.get(event.event, "unknown"), message)

    def for_hub(self) -> dict:
        return {"progress": self.progress, "message": f"[{self.severity}] {self.message}"}


class Journal:
    """What happened during one spawn, for any number of people who watch it."""

    def __init__(self, live: bool) -> None:
        self._live = live
        self._steps: list[Step] = []
        self._news = asyncio.Event()
        self._over = False

    def add(self, step: Step) -> None:
        self._steps.append(step)
        if self._live:
            self._wake()

    def close(self) -> None:
        self._over = True
        self._wake()

    async def read(self):
        seen = 0
        while True:
            news, over = self._news, self._over
            while seen < len(self._steps):
                seen += 1
                yield self._steps[seen - 1].for_hub()
            if over:
                return
            await news.wait()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class NubladoSpawner(Spawner):
    """Asks the controller for everything; knows nothing of processes or pods."""

    controller_url = Unicode(help="Base URL of the controller, ending in /nublado.", config=True)
    admin_token = Unicode(help="The hub's own token, with the scope admin:jupyterlab.", config=True)
    ca_file = Unicode(help="Certificates to trust beside nothing else; empty for the usual ones.", config=True)
    live_progress = Bool(
        False,
        help="""Whether who watches a spawn hears of each step at once. RSP's plugin tells what has happened when
        somebody begins to watch, and the rest all together when the spawn is over.""",
        config=True,
    )

    _http: httpx.AsyncClient | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._journal: Journal | None = None

    @default("env_keep")
    def _nothing_of_the_hubs_environment(self):
        return []

    async def options_form(self, spawner):
        response = await self._ask("GET", f"lab-form/{self.user.name}", await self._users_authority())
        return response.text

    def start(self):
        if self._journal:
            self._journal.close()
        self._journal = Journal(self.live_progress)
        return asyncio.ensure_future(self._start(self._journal))

    async def progress(self):
        if self._journal:
            async for step in self._journal.read():
                yield step

    async def poll(self):
        response = await self._ask("GET", f"labs/{self.user.name}", self._own_authority(), accept=(404,))
        if response.status_code == 404:
            return 0
        status = response.json()["status"]
        if status == "failed":
            return 1
        return 0 if status in ("terminating", "terminated") else None

    async def stop(self, now=False):
        await self._ask(
            "DELETE",
            f"labs/{self.user.name}",
            self._own_authority(),
            accept=(404,),
            timeout=DELETE_TIMEOUT_SECONDS,
        )

    async def get_url(self):
        """Where the lab answers; asked when the hub comes back and finds the lab running."""
        try:
            return await self._lab_url()
        except (ControllerError, LabSpawnFailed):
            self.log.warning("No URL for the lab of %s, using the last known one", self.user.name)
            return await super().get_url()

    async def _start(self, journal: Journal) -> str:
        try:
            response = await self._create()
            if response.status_code == 409:
                # The hub has already withdrawn the credentials of the lab that is there, so it is of no use.
                journal.add(Step(1, "warning", "Deleting existing orphaned lab"))
                await self.stop()
                response = await self._create()
            if response.status_code == 409:
                raise ControllerError.of(_status_error(response))
            await self._watch(journal)
            return await self._lab_url()
        finally:
            journal.close()

    async def _create(self) -> httpx.Response:
        return await self._ask(
            "POST",
            f"labs/{self.user.name}/create",
            await self._users_authority(),
            accept=(409,),
            timeout=self.start_timeout,
            json={"options": self.user_options, "env": self.get_env()},
        )

    async def _watch(self, journal: Journal) -> None:
        """Follows the controller's events until the pod runs."""
        url = self._url(f"labs/{self.user.name}/events")
        headers = await self._users_authority()
        progress = 0
        try:
            async with aconnect_sse(
                self._client(), "GET", url, headers=headers, timeout=self.start_timeout
            ) as source:
                source.response.raise_for_status()
                async for event in source.aiter_sse():
                    if event.event == "ping":
                        continue
                    step = Step.of(event, progress)
                    progress = step.progress or progress
                    journal.add(step)
                    if event.event == "failed":
                        raise LabSpawnFailed(step.message)
                    if event.event == "complete":
                        return
        except httpx.HTTPStatusError as error:
            await error.response.aread()
            raise ControllerError.of(error) from error
        except httpx.HTTPError as error:
            raise ControllerError.of(error) from error

    async def _lab_url(self) -> str:
        response = await self._ask("GET", f"labs/{self.user.name}", self._own_authority())
        url = response.json().get("internal_url")
        if not url:
            raise LabSpawnFailed(f"Invalid lab status for {self.user.name}")
        return url

    async def _ask(self, method, route, headers, *, accept=(), timeout=REQUEST_TIMEOUT_SECONDS, json=None):
        try:
            response = await self._client().request(
                method, self._url(route), headers=headers, timeout=timeout, json=json
            )
            if response.status_code not in accept:
                response.raise_for_status()
            return response
        except httpx.HTTPError as error:
            self.log.error("The controller did not do as asked: %s", type(error).__name__)
            raise ControllerError.of(error) from error

    def _client(self) -> httpx.AsyncClient:
        if NubladoSpawner._http is None:
            trust = ssl.create_default_context(cafile=self.ca_file) if self.ca_file else True
            NubladoSpawner._http = httpx.AsyncClient(verify=trust, limits=httpx.Limits(max_connections=None))
        return NubladoSpawner._http

    def _url(self, route: str) -> str:
        return f"{self.controller_url.rstrip('/')}/spawner/v1/{route}"

    def _own_authority(self) -> dict:
        return {"Authorization": f"Bearer {self.admin_token}"}

    async def _users_authority(self) -> dict:
        token = (await self.user.get_auth_state() or {}).get("token")
        if not token:
            raise ControllerError("No token in user auth state")
        return {"Authorization": f"Bearer {token}"}


def _status_error(response: httpx.Response) -> httpx.HTTPStatusError:
    return httpx.HTTPStatusError("", request=response.request, response=response)
