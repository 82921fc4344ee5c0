"""How the web server runs; `--bind` and any other option may be added on its command line."""  # noqa: N999  the server looks for this name

from __future__ import annotations

import os
import shutil
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

# Threads, and its refusals have the headers of the site.
worker_class = "clinic.server_worker.ServerWorker"
workers = 2
# A connection that sends half a request holds a thread until it goes on: many cheap threads, most of them waiting.
threads = 32
# Loaded once and shared by the workers: less memory, and a bad setting is told once.
preload_app = True
# Heartbeat files in memory: on a disk they can stall a worker for seconds.
if Path("/dev/shm").is_dir():  # noqa: S108  a RAM disk, not a shared file of ours
    worker_tmp_dir = "/dev/shm"  # noqa: S108
# Whether a connection is encrypted is for the site alone to decide, by TRUSTED_PROXIES; the server would believe a header of
# every peer on this machine, and of every peer of a socket in the file system.
secure_scheme_headers: dict[str, str] = {}
forwarded_allow_ips = ""
# No access log: the addresses of private pages are keys to them.
accesslog = None
# Its own error log repeats the request line of what it cannot read.
logger_class = "clinic.server_log.ServerLogger"
# No socket for `gunicornc`: nothing here uses it, and it lies in the home directory.
control_socket_disable = True
timeout = 30
graceful_timeout = 15
keepalive = 5
max_requests = 20000
max_requests_jitter = 2000
# Every process counts in a file of its own here, and any of them adds all up for Prometheus (clinic/counts.py, clinic/observing.py).
measured = os.environ.get("METRICS_PORT", "0") not in {"", "0"}
FOLDERS = "clinic-metrics-"


def runs(process: int) -> bool:
    """Return whether there is a process with this number, whosever it is."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def counting_folder() -> str:
    """Return this server's folder of counts, a new one where it has none yet, and remove those of servers that were killed."""
    ours = f"{FOLDERS}{os.getpid()}-"
    # Read again on SIGHUP: the folder stays. A server that takes over from another one inherits that one's, and makes its own.
    if Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")).name.startswith(ours):
        return os.environ["PROMETHEUS_MULTIPROC_DIR"]
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*"):
        process = folder.name.split("-")[2]
        if process.isdigit() and (int(process) == os.getpid() or not runs(int(process))):
            shutil.rmtree(folder, ignore_errors=True)
    return tempfile.mkdtemp(prefix=ours)


if measured:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = counting_folder()


def when_ready(server: Any) -> None:
    """Load what every process would load for its first readers, once before they are forked."""
    # By name, since Django is set up only now.
    import_module("clinic.warming").load()


def post_worker_init(worker: Any) -> None:
    """Let a new process learn the clinic's phone number: the page for a database that is away needs it."""
    # By name, since Django is set up only now.
    import_module("consultations.views.outage").learn_phone()
    if measured:
        import_module("clinic.observing").listen()


def child_exit(server: Any, worker: Any) -> None:
    """Keep what an ended process has counted, in one file for all of them."""
    if measured:
        try:
            # By name, since the library looks at the folder when it is first imported.
            import_module("clinic.counts").add_up_ended(
                Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]), frozenset(server.WORKERS)
            )
        except OSError as error:
            server.log.warning("The counts of an ended process were left where they are: %s", error.strerror)


def on_exit(server: Any) -> None:
    """Leave no counts behind."""
    if measured:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
