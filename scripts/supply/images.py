"""The images that the Dockerfile and compose.yaml start from: each by digest, or named below as one that is not.

A tag can lead to another image tomorrow, a digest cannot. `python -m scripts.supply.images` asks the registry, through
`docker buildx imagetools`, for the digest of each tag and writes `image:tag@sha256:…` into both files; both keep working
as they are. `make check` refuses an image that has neither a digest nor a line in BY_TAG.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.supply.lock import BASE_DIR

FILES = ("Dockerfile", "compose.yaml")
# No registry was asked for the digests of these yet. A line goes when its image has a digest; a release made before that needs an
# explicit word.
BY_TAG = {"python:3.13-slim", "postgres:17", "valkey/valkey:8", "nginx:1.28"}
# What compose.yaml builds itself.
BUILT_HERE = {"clinic"}
NAMED = re.compile(r"^(\s*image:\s*|FROM\s+(?:--platform=\S+\s+)?)([^\s#]+)", re.MULTILINE)
DIGEST = re.compile(r"^[^@]+:[^@:]+@sha256:[0-9a-f]{64}$")


def images(folder: Path = BASE_DIR) -> Iterator[tuple[str, str]]:
    """Yield (file, image) for each image that is not built here."""
    for name in FILES:
        text = (folder / name).read_text(encoding="utf-8")
        stages = set(re.findall(r"^FROM .+ AS (\S+)", text, re.MULTILINE))
        for _, image in NAMED.findall(text):
            if image not in stages | BUILT_HERE:
                yield name, image


def by_tag(folder: Path = BASE_DIR) -> list[str]:
    """Return the images without a digest, each once."""
    return sorted({image for _, image in images(folder) if not DIGEST.match(image)})


def complaints(folder: Path = BASE_DIR) -> Iterator[str]:
    """Yield what is not as it should be: images by neither digest nor exception, and exceptions that nothing needs."""
    without = by_tag(folder)
    for name, image in images(folder):
        if image in without and image not in BY_TAG:
            yield f"{name} names {image} without a digest: python -m scripts.supply.images"
    for image in sorted(BY_TAG.difference(without)):
        yield f"BY_TAG of scripts/supply/images.py names {image}, which neither the Dockerfile nor compose.yaml has without a digest."


def ask(image: str) -> str:
    """Return the digest that the registry has for a tag; end in words where it cannot be asked."""
    if not shutil.which("docker"):
        sys.exit("There is no docker here: nothing can be asked for the digests, and nothing was changed.")
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest.Digest}}", image]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    digest = done.stdout.strip().strip('"')
    if done.returncode or not re.fullmatch(r"sha256:[0-9a-f]{64}", digest):
        sys.exit(f"No digest was learned for {image}, and nothing was changed: {done.stderr.strip() or digest}")
    return digest


def pin(digests: dict[str, str], folder: Path = BASE_DIR) -> None:
    """Write the digests into both files, also where another one stands."""
    for name in FILES:
        path = folder / name
        text = path.read_text(encoding="utf-8")

        def with_digest(found: re.Match[str]) -> str:
            tag = found[2].partition("@")[0]
            return f"{found[1]}{tag}@{digests[tag]}" if tag in digests else found[0]

        path.write_text(NAMED.sub(with_digest, text), encoding="utf-8")


def main() -> int:
    """Ask for the digest of every image, then write them; all or none."""
    tags = sorted({image.partition("@")[0] for _, image in images()})
    digests = {tag: ask(tag) for tag in tags}
    pin(digests)
    print(*(f"{tag}@{digest}" for tag, digest in digests.items()), sep="\n")
    print("Remove these from BY_TAG of scripts/supply/images.py.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
