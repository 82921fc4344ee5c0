"""DOIs, PubMed numbers and web addresses, as people paste them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import identifiers
from content.identifiers import Identifier


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("10.1056/NEJMoa1501184", Identifier(doi="10.1056/NEJMoa1501184")),
        ("doi:10.1056/NEJMoa1501184.", Identifier(doi="10.1056/NEJMoa1501184")),
        ("DOI: 10.1056/NEJMoa1501184", Identifier(doi="10.1056/NEJMoa1501184")),
        ("https://doi.org/10.1056/NEJMoa1501184", Identifier(doi="10.1056/NEJMoa1501184")),
        ("http://dx.doi.org/10.1002/14651858.CD010951.pub2", Identifier(doi="10.1002/14651858.CD010951.pub2")),
        ("doi.org/10.1000/a%28b%29", Identifier(doi="10.1000/a(b)")),
        (" <10.1000.10/123> ", Identifier(doi="10.1000.10/123")),
        ("10.1000/\u200babc", Identifier(doi="10.1000/abc")),
        ("PMID: 26287849", Identifier(pmid="26287849")),
        ("26287849", Identifier(pmid="26287849")),
        ("https://pubmed.ncbi.nlm.nih.gov/26287849/", Identifier(pmid="26287849")),
        ("https://www.ncbi.nlm.nih.gov/pubmed/26287849", Identifier(pmid="26287849")),
        ("https://www.fda.gov/page?x=1", Identifier(url="https://www.fda.gov/page?x=1")),
        ("www.fda.gov/page", Identifier(url="https://www.fda.gov/page")),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=prp", Identifier(url="https://pubmed.ncbi.nlm.nih.gov/?term=prp")),
    ],
)  # fmt: skip
def test_pasted_identifier_is_read(pasted: str, read: Identifier) -> None:
    assert identifiers.read(pasted) == read


@pytest.mark.parametrize("pasted", ["10.1/x", "10.1056/", "https://doi.org/", "PMID: 0", "123456789", "a paper", "javascript:alert(1)", "10.1056/a b"])  # fmt: skip
def test_what_is_none_is_refused_in_words(pasted: str) -> None:
    with pytest.raises(ValueError, match=r"is no (DOI|PubMed number)"):
        identifiers.read(pasted)


@given(st.text(max_size=60))
def test_whatever_is_pasted_is_read_or_refused_in_words(pasted: str) -> None:
    try:
        found = identifiers.read(pasted)
    except ValueError:
        return
    assert sum(map(bool, found)) == 1
    assert identifiers.read(next(filter(None, found))) == found
