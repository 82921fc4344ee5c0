"""Templates lose their indentation and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Engine, TemplateDoesNotExist

from clinic.template_loaders import Loader

SPACES_MEANT = re.compile(r"<(pre|textarea)\b[^>]*>[^<]*\n")
TEXT = "{% if person %}\n    <p>A  B</p>\n\t<p>{{ person }}</p>\n{% endif %}\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("page.html", "\n<p>A  B</p>\n<p>  Ada\n  B</p>\n\n"), ("mail.txt", "\n    <p>A  B</p>\n\t<p>  Ada\n  B</p>\n\n")],
)
def test_only_html_loses_what_its_own_lines_begin_with(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / name).write_text(TEXT)
    engine = Engine(dirs=[str(tmp_path)], loaders=["clinic.template_loaders.Loader"])

    assert engine.render_to_string(name, {"person": "  Ada\n  B"}) == expected


def test_template_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(TemplateDoesNotExist):
        Loader(Engine(), [str(tmp_path)]).get_template("gone.html")


def test_no_template_has_lines_whose_spaces_are_meant() -> None:
    folder = Path(__file__).parents[2] / "templates"
    found = [path for path in folder.rglob("*.html") if SPACES_MEANT.search(path.read_text())]

    assert SPACES_MEANT.search("<pre class='x'>\n  a</pre>")
    assert found == []
