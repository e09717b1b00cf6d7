"""What the labs of this platform do differently from their image: they write down what tokens came to them, as digests,
where a test wants to know, and one mend, so that tests of kernels can be relied on.

jupyter-client sends on an asyncio socket through a second, blocking handle of it. A reply that arrives in that moment is
noted there, and the event loop, which is woken by changes only, never hears of it nor of any later one: the kernel runs
code and shows output, but all its replies are lost. jupyter-server-documents listens all the time and is hit by it in
about one kernel of twelve on a busy computer; the images of real sites carry the same versions. After each send the loop
is made to look once more.
"""

import hashlib
import json
import os

import zmq.asyncio
from jupyter_client.session import Session
from jupyter_server.log import log_request

_send_raw = Session.send_raw


def _send_raw_and_look(self, stream, *args, **kwargs):
    _send_raw(self, stream, *args, **kwargs)
    if isinstance(stream, zmq.asyncio.Socket):
        stream._schedule_remaining_events()


Session.send_raw = _send_raw_and_look


def _write_down(handler, *args, **kwargs):
    request = handler.request
    line = {
        "uri": request.uri,
        "isSocket": request.headers.get("Upgrade", "").lower() == "websocket",
        "digest": hashlib.sha256(request.headers.get("Authorization", "").encode()).hexdigest(),
    }
    with open(os.environ["TOKENS_SEEN_FILE"], "a") as file:
        file.write(json.dumps(line) + "\n")
    return log_request(handler, *args, **kwargs)


if os.environ.get("TOKENS_SEEN_FILE"):
    c = get_config()  # noqa: F821
    c.ServerApp.tornado_settings = {"log_function": _write_down}
