"""Reads compose.yaml, the Dockerfile and deploy/nginx as they are, and says what is put in place of names that only containers have."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

BASE_DIR = Path(__file__).resolve().parent.parent.parent
NGINX_DIR = BASE_DIR / "deploy" / "nginx"
# ${NAME}, ${NAME:-default}, ${NAME:?why it is needed}
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SERVICES = {"postgres", "valkey", "migrate", "web", "worker", "proxy", "backup"}
MAIN = """\
daemon off;
{user}
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    keepalive_requests 100000;
    {temporary}
    include {folder}/clinic.conf;
    include {folder}/tls.conf;
    include {folder}/plain.conf;
    # What --bench compares with: a file of the same bytes.
    server {{ listen 127.0.0.1:{file}; root {folder}/file; access_log off; tcp_nopush on; }}
    # And once more with the headers of the page, sent as the page is.
    server {{
        listen 127.0.0.1:{same};
        root {folder}/file;
        access_log off;
        {sending}
        include {folder}/file/*.headers;
    }}
}}
"""
# What of site.inc tells how files are sent.
SENDING = ("sendfile", "output_buffers", "open_file_cache", "limit_conn ")
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass
class Plan:
    """What compose.yaml asks for, on this machine.

    Attributes:
        given: the operator's variables, such as SITE_HOST.
        replaced: what stands in place of a name that only containers have, in the order it is replaced.
        ports: where each thing listens here, by its port in the containers.
    """

    folder: Path
    given: dict[str, str]
    ports: dict[str, int]
    services: dict[str, Any] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the file, and refuse one with a service that would not be tried."""
        self.services = yaml.safe_load((BASE_DIR / "compose.yaml").read_text(encoding="utf-8"))["services"]
        if set(self.services) != SERVICES:
            raise SystemExit(f"compose.yaml has other services than are tried here: {sorted(self.services)}")
        self.replaced = {
            "/run/secrets/": f"{self.folder}/secrets/",
            "valkey:6379": f"127.0.0.1:{self.ports['6379']}",
            "127.0.0.1:8000/": f"127.0.0.1:{self.ports['web']}/",
        }

    def environment(self, service: str) -> dict[str, str]:
        """Return the variables of a service."""
        return {name: self.filled(str(value)) for name, value in self.services[service]["environment"].items()}

    def command(self, service: str, program: str, here: str | Path) -> list[str]:
        """Return the command of a service, with its program as it is called here."""
        command = self.services[service].get("command") or image_command()
        if program not in command[0]:
            raise SystemExit(f"{service} runs {command[0]} and not {program}.")
        return [str(here), *(self.filled(str(word)) for word in command[1:])]

    def health_check(self, service: str) -> list[str]:
        """Return the command that says whether a service is well."""
        return [self.filled(word) for word in self.services[service]["healthcheck"]["test"][1:]]

    def filled(self, text: str) -> str:
        """Return a value with variables put in and names of containers replaced."""
        text = VARIABLE.sub(lambda found: self.given.get(found[1], found[3] if found[2] == "-" else ""), text)
        for name, here in self.replaced.items():
            text = text.replace(name, here)
        return text

    def write_proxy(self, name: str, user: str, upstream: str | None = None) -> tuple[Path, list[str]]:
        """Write the proxy's files for this machine below a folder of that name.

        Args:
            user: as whom nginx runs, as a line of its configuration, or nothing.
            upstream: stands in upstream.inc in place of the names of containers.

        Returns:
            The file to start nginx with, and the lines that differ from those in deploy/nginx.
        """
        folder = self.folder / name
        cache = folder / "cache"
        places = {"/etc/nginx/certificates": f"{self.folder}/secrets/certificates"}
        places |= {f"listen {port}": f"listen 127.0.0.1:{self.ports[port]}" for port in ("8443", "8080", "8000")}
        changed = copy_proxy(folder, cache, places, upstream)
        cache.mkdir()
        temporary = temporary_paths(cache)
        main = folder / "nginx.conf"
        sending = "\n        ".join(
            line for line in (folder / "site.inc").read_text(encoding="utf-8").splitlines() if line.startswith(SENDING)
        )
        ports = {name: self.ports[name] for name in ("file", "same")}
        main.write_text(MAIN.format(folder=folder, user=user, temporary=temporary, sending=sending, **ports))
        return main, changed


def image_command() -> list[str]:
    """Return what the image runs where compose.yaml names nothing."""
    lines = (BASE_DIR / "Dockerfile").read_text(encoding="utf-8").splitlines()
    found: list[str] = json.loads(next(line for line in lines if line.startswith("CMD ")).removeprefix("CMD "))
    return found


def copy_proxy(folder: Path, cache: Path, places: Mapping[str, str], upstream: str | None = None) -> list[str]:
    """Copy the files of deploy/nginx into a new folder, with other names of places, and return the lines that differ.

    Args:
        cache: where nginx keeps pages.
        places: what stands in place of other names than those of these folders and the log.
        upstream: stands in upstream.inc in place of the names of containers.
    """
    shutil.copytree(NGINX_DIR, folder)
    if upstream:
        (folder / "upstream.inc").write_text(upstream, encoding="utf-8")
    here = {
        "/etc/nginx/clinic": str(folder),
        "/var/cache/nginx": str(cache),
        "/dev/null crit": f"{folder}/error.log",
    } | dict(places)
    changed = [f"upstream.inc: {upstream}"] if upstream else []
    for path in sorted(folder.glob("*.[ci]*")):
        lines = path.read_text(encoding="utf-8").splitlines()
        written = [replaced(line, here) for line in lines]
        path.write_text("\n".join(written) + "\n", encoding="utf-8")
        changed += [f"{path.name}: {one.strip()}" for one, old in zip(written, lines, strict=True) if one != old]
    return changed


def temporary_paths(cache: Path) -> str:
    """Return the lines that name where nginx puts what it does not keep."""
    return "\n    ".join(f"{kind}_temp_path {cache}/{kind};" for kind in TEMPORARY)


def replaced(text: str, places: Mapping[str, str]) -> str:
    """Return text with every name of a place replaced."""
    for name, here in places.items():
        text = text.replace(name, here)
    return text
