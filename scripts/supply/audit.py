"""`make audit`: asks an advisory service which locked packages have known weaknesses.

Exit code 0: a service answered for every package, and none is known. 1: some are. 3: no service answered for all of them, so
nothing is known either way; a release then needs an explicit word (scripts/release.py).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.supply.lock import LOCK, read_lock

NOT_AUDITED = 3
PIP_AUDIT = (sys.executable, "-m", "pip_audit")
# In the order they are asked; the first that answers for every package is enough.
SERVICES = ("pypi", "osv")
SECONDS = 300


@dataclass
class Audit:
    """What is known of the lock.

    Attributes:
        service: which service answered for every package; "" for none.
        weaknesses: one sentence for each.
        unanswered: for each service that did not answer for all, a sentence that says so.
    """

    service: str = ""
    weaknesses: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """Return the exit code of `make audit`."""
        if self.weaknesses:
            return 1
        return 0 if self.service else NOT_AUDITED

    def sentences(self) -> list[str]:
        """Return what is known, in words."""
        said = [*self.unanswered, *self.weaknesses]
        if not self.service:
            return [*said, "Not audited: no advisory service answered for every package. Nothing is known either way."]
        if not self.weaknesses:
            said.append(f"Audited: {self.service} knows of no weakness in the {len(read_lock())} locked packages.")
        return said


def audit(lock: Path = LOCK, accepted: Sequence[str] = (), program: Sequence[str] = PIP_AUDIT) -> Audit:
    """Ask the services one after the other.

    Args:
        accepted: identifiers of weaknesses that do not matter here; they are not reported.
        program: what asks them, with pip-audit's options and its JSON.
    """
    result = Audit()
    for service in SERVICES:
        options = ["--requirement", str(lock), "--require-hashes", "--disable-pip", "--progress-spinner=off"]
        asking = ["--format=json", f"--vulnerability-service={service}", "--timeout=10"]
        ignored = [word for each in accepted for word in ("--ignore-vuln", each)]
        answers = ask([*program, *options, *asking, *ignored])
        if answers is None:
            result.unanswered.append(f"The service {service} could not be reached.")
            continue
        found = [sentence for answer in answers for sentence in weaknesses_of(answer)]
        missing = missing_in(answers, lock)
        # What is known of some counts, also where others were left out.
        result.weaknesses += found
        if not missing:
            result.service = service
            return result
        named = ", ".join(missing) if found or len(missing) < len(answers) else "any package"
        result.unanswered.append(f"The service {service} answered, but not for {named}.")
    return result


def ask(command: Sequence[str]) -> list[dict[str, object]] | None:
    """Return what is said of each package; None where the program failed or took too long."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        return list(json.loads(done.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        return None


def missing_in(answers: list[dict[str, object]], lock: Path) -> list[str]:
    """Return the packages of this machine that no answer tells of; one that was skipped counts as none."""
    told = {answer["name"] for answer in answers if "skip_reason" not in answer}
    return [package.name for package in read_lock(lock) if package.is_installed_here() and package.name not in told]


def weaknesses_of(answer: dict[str, object]) -> list[str]:
    """Return a sentence for each known weakness of a package."""
    found = answer.get("vulns")
    return [
        f"{answer['name']} {answer['version']} has {each['id']}, mended in {', '.join(each['fix_versions']) or 'no version yet'}."
        for each in (found if isinstance(found, list) else [])
    ]


def main(arguments: list[str]) -> int:
    """Say what is known of the lock."""
    parser = argparse.ArgumentParser(prog="make audit", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--accept", action="append", default=[], metavar="ID", help="a weakness that does not matter here"
    )
    result = audit(accepted=parser.parse_args(arguments).accept)
    print(*result.sentences(), sep="\n")
    return result.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
