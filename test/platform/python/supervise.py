"""Runs one command and sees to it that nothing the command started outlives the platform.

Usage: python supervise.py COMMAND [ARGUMENT ...], with a pipe as standard input.

The pipe is the platform's hand on the command: when it closes, because the platform let go or because the platform
itself was killed, everything is killed at once. SIGTERM asks the command to end and insists after a while. Kernels and
terminals lead process groups and sessions of their own, so descendants are found by walking the process tree; on Linux
orphans are handed to this process, so none can slip away.
"""

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


def adopt_orphans() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_descendants() -> None:
    """Kills until nothing is left: what is killed may just have started something."""
    me = psutil.Process()
    while living := [p for p in me.children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE]:
        for process in living:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass
        psutil.wait_procs(living, timeout=1)


def kill_when_pipe_closes() -> None:
    while os.read(0, 4096):
        pass
    kill_descendants()
    os._exit(137)


def ask_to_end(process: psutil.Process) -> None:
    """Sends SIGTERM to the program that counts, below any wrappers."""
    try:
        while process.name() in WRAPPERS and (children := process.children()):
            process = children[0]
        process.terminate()
    except psutil.NoSuchProcess:
        pass


def main(command: list[str]) -> int:
    adopt_orphans()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def insist() -> None:
        kill_descendants()

    def on_request_to_end(_signal: int, _frame: object) -> None:
        # psutil is too much for a signal handler, so the work is done by a thread of its own.
        threading.Thread(target=ask_to_end, args=(psutil.Process(child.pid),), daemon=True).start()
        timer = threading.Timer(GRACE_SECONDS, insist)
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, on_request_to_end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=kill_when_pipe_closes, daemon=True).start()
    code = child.wait()
    kill_descendants()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
