"""Runs one command and sees to it that nothing the command started outlives the platform.

Usage: python supervise.py COMMAND [ARGUMENT ...], with a pipe as standard input.

The pipe is the platform's hand on the command: when it closes, because the platform let go or because the platform
itself was killed, everything is killed at once. SIGTERM asks the command to end and insists after a while. Kernels and
terminals lead process groups and sessions of their own, so descendants are found by walking the process tree; on Linux
orphans are handed to this process, so none can slip away.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading

import psutil

GRACE_SECONDS = 8
PR_SET_CHILD_SUBREAPER = 36
# Programs that only prepare the ground for the one that counts; they would swallow the request to end.
WRAPPERS = {"unshare", "sh"}
EXIT_CODE_OF_KILLED = 137
# Whether the end came by force. Then the command's own exit code may be lost to whoever saw it die first.
forced = threading.Event()


def adopt_orphans() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def living_descendants() -> list[psutil.Process]:
    return [each for each in psutil.Process().children(recursive=True) if is_alive(each)]


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:  # gone while we looked
        return False


def kill_descendants() -> None:
    """Kills until nothing is left: what is killed may just have started something."""
    forced.set()
    while living := living_descendants():
        for process in living:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(living, timeout=1)


def kill_when_pipe_closes() -> None:
    while os.read(0, 4096):
        pass
    kill_descendants()
    os._exit(EXIT_CODE_OF_KILLED)


def ask_to_end() -> None:
    """Sends SIGTERM to the program that counts, below any wrappers."""
    with contextlib.suppress(psutil.Error, IndexError):
        process = psutil.Process().children()[0]
        while process.name() in WRAPPERS and (children := process.children()):
            process = children[0]
        process.terminate()


def on_request_to_end(_signal: int, _frame: object) -> None:
    # psutil is too much for a signal handler, so the work is done by threads.
    for work in (threading.Thread(target=ask_to_end), threading.Timer(GRACE_SECONDS, kill_descendants)):
        work.daemon = True
        work.start()


def main(command: list[str]) -> int:
    adopt_orphans()
    signal.signal(signal.SIGTERM, on_request_to_end)
    signal.signal(signal.SIGINT, lambda _signal, _frame: None)  # ignoring it outright would be passed on
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=kill_when_pipe_closes, daemon=True).start()
    code = child.wait()
    was_forced = forced.is_set()
    kill_descendants()
    if was_forced:
        return EXIT_CODE_OF_KILLED
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
