"""Identifiers of sources: DOIs (ISO 26324) and PubMed numbers, as people paste them. Pure; nothing is fetched."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from content import links
from content.text import on_one_line

# A prefix of 4 to 9 digits, perhaps divided further, and a suffix without spaces; a DOI is the same in any case (DOI Handbook, 2.4).
DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\"<>]+")
DOI_HOSTS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
PMID = re.compile(r"[1-9][0-9]{0,7}")
PUBMED = "pubmed.ncbi.nlm.nih.gov"
OLD_PUBMED = re.compile(r"/(?:m/)?pubmed/([0-9]+)/?")
LABEL = re.compile(r"(doi|pmid|pubmed id)\s*:?\s*(?=[0-9])", re.IGNORECASE)
NOT_DOI = "is no DOI; one looks like 10.1056/NEJMoa1501184"
NOT_PMID = "is no PubMed number; one has up to eight digits, such as 26287849"


class Identifier(NamedTuple):
    """Where a source can be looked up; one of the three is filled in."""

    doi: str = ""
    pmid: str = ""
    url: str = ""


def doi(text: str) -> str:
    """Return a DOI without what came with it (`doi:`, the resolver's address, a full stop).

    Raises:
        ValueError: with a sentence for whoever pasted it.
    """
    pasted = _plain(text)
    address = _address(pasted)
    if address and address[0] in DOI_HOSTS:
        pasted = address[1].lstrip("/")
    pasted = LABEL.sub("", pasted, count=1).rstrip(".,;")
    if not DOI.fullmatch(pasted) or len(pasted) > 120:
        raise ValueError(f"“{text.strip()[:80]}” {NOT_DOI}.")
    return pasted


def pmid(text: str) -> str:
    """Return a PubMed number without what came with it (`PMID:`, the address of PubMed's page).

    Raises:
        ValueError: with a sentence for whoever pasted it.
    """
    pasted = _plain(text)
    address = _address(pasted)
    if address and (on_pubmed := _on_pubmed(*address)):
        pasted = on_pubmed
    pasted = LABEL.sub("", pasted, count=1).rstrip(".,;")
    if not PMID.fullmatch(pasted):
        raise ValueError(f"“{text.strip()[:80]}” {NOT_PMID}.")
    return pasted


def read(text: str) -> Identifier:
    """Return what was pasted as a DOI, a PubMed number or a web address, whichever it is.

    Raises:
        ValueError: with a sentence for whoever pasted it; it is none of the three.
    """
    pasted = _plain(text)
    address = _address(pasted)
    if (address and address[0] in DOI_HOSTS) or re.match(r"(doi\s*:?\s*)?10\.", pasted, re.IGNORECASE):
        return Identifier(doi=doi(pasted))
    if (address and _on_pubmed(*address)) or LABEL.match(pasted) or pasted.isdecimal():
        return Identifier(pmid=pmid(pasted))
    try:
        return Identifier(url=links.complete_web(pasted))
    except ValueError:
        raise ValueError(
            f"“{text.strip()[:80]}” is no DOI, no PubMed number and no web address; "
            "paste one such as 10.1056/NEJMoa1501184, PMID 26287849 or https://www.fda.gov/…"
        ) from None


def doi_link(value: str) -> str:
    """Return the address at which a DOI is looked up."""
    return f"https://doi.org/{value}"


def pmid_link(value: str) -> str:
    """Return the address of PubMed's page of a number."""
    return f"https://{PUBMED}/{value}/"


def _plain(text: str) -> str:
    return on_one_line(text).strip(" <>“”\"'")


def _address(text: str) -> tuple[str, str] | None:
    """Return host and path of what looks like a web address, with or without its scheme."""
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    return (host, unquote(parts.path)) if "." in host and parts.path else None


def _on_pubmed(host: str, path: str) -> str:
    """Return the number in the address of one of PubMed's pages, or ""."""
    if host == PUBMED:
        return path.strip("/") if path.strip("/").isdecimal() else ""
    found = OLD_PUBMED.fullmatch(path) if host in {"www.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov"} else None
    return found[1] if found else ""
