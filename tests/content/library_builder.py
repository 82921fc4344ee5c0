"""A library of one or two rows of each kind, as files; tests change a text of it and load it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from content import models

CLINIC = """\
[clinic]
name = "Fernhill Clinics"
short_name = "Fernhill"
legal_name = "Fernhill Clinics Ltd"
tagline = "Plain words"
phone = "+1 202-555-0143"
email = "hello@fernhill.example"
address = "1 Hill Road"
banner_text = "Call us"
hours_text = "Monday to Friday"
hours = "Mo-Fr 09:00-18:00"
time_zone = "America/New_York"
response_promise = "within one working day"
response_hours = 8
disclaimer = "General information."
emergency_text = "Call your emergency number."
consultation_text = "A talk."
about = \"\"\"
We are **a clinic**.

See [the questions](/faq/).\"\"\"
"""

TOPICS = """\
# Shelves.

[[topic]]
slug = "prp"
name = "Platelets"

[[topic]]
slug = "exosomes"
name = "Exosomes"
position = 20
"""

CONTRIBUTORS = """\
[[contributor]]
slug = "ada"
name = "Ada Quill"
role = "Writer"

[[contributor]]
slug = "dr-bo"
name = "Dr. Bo Reed"
role = "Reviewer"
credentials = "MD"
"""

REFERENCES = """\
[[reference]]
key = "alert-2020"
title = "An alert"
publisher = "An authority"
year = 2020
url = "https://authority.example/alert"

[[reference]]
key = "trial-2021"
title = "A trial"
publisher = "A journal"
year = 2021
doi = "10.1000/trial"
"""

CRITERIA = """\
[[criterion]]
slug = "source"
name = "Source"
group = "What it is"
position = 10

[[criterion]]
slug = "risks"
name = "Known risks"
group = "What to weigh"
position = 20
"""

THERAPY_PRP = """\
name = "Platelet-rich plasma"
short_name = "PRP"
summary = "Made from your own blood."
source_kind = "autologous"
position = 10
regulatory_status = "off_label"
regulatory_note = "Devices are cleared for another use."
regulatory_reference = "alert-2020"
description = \"\"\"
Plasma with many platelets.

### What is not known

See [the article](/articles/what-is-prp/#risks).\"\"\"

[findings.source]
value = "Your own blood"
tone = "neutral"
grade = "high"
reference = "alert-2020"
reviewed = 2026-10-12

[findings.risks]
value = "Soreness"
"""

THERAPY_CARE = """\
name = "Standard care"
short_name = "Standard care"
summary = "Exercise and medicines."
source_kind = "none"
position = 20
regulatory_status = "not_applicable"
regulatory_note = "Established."
standard_care = true
description = "Exercise and medicines."
"""

COMPARISONS = """\
[[comparison]]
slug = "prp-and-care"
title = "PRP and standard care"
caption = "Side by side."
therapies = ["prp", "standard-care"]
criteria = ["source", "risks"]
"""

ARTICLE_PRP = """\
+++
title = "What PRP is"
summary = "PRP comes from your own blood."
topic = "prp"
author = "ada"
reviewer = "dr-bo"
published = 2026-09-01
reviewed = 2026-10-12
next_review = 2027-10-12
illustration = "how-prp-is-made"
key_points = ["It is your own blood.", "It is spun."]
related = ["exosomes"]
references = ["alert-2020", "trial-2021"]
+++
The lead.

## What it holds {#what-it-holds}

Platelets.[@trial-2021][@alert-2020](see also the [alert](https://authority.example/alert))

{{comparison: prp-and-care}}
{{figure: how-prp-is-made | Blood is spun}}

## Risks {#risks}

Soreness, see [PRP](/therapies/prp/) and [above](#what-it-holds).
"""

ARTICLE_EXOSOMES = """\
+++
title = "Exosomes"
summary = "Sent by cells."
topic = "exosomes"
author = "ada"
reviewer = "dr-bo"
+++
A draft.
"""

QUESTIONS = """\
[[question]]
slug = "does-it-hurt"
question = "Does it hurt?"
group = "Your visit"
therapy = "prp"
answer = "A little."
"""

DECISION = """\
[[question]]
slug = "goal"
question = "What should change?"
ask = "How would we know?\\nAnd when?"

[[question.answer]]
slug = "pain"
answer = "Less pain"
matters = "How much less."
ask = "How much less pain?"
[[question.answer]]
slug = "moving"
answer = "Moving more"
matters = "What people could do."
"""

NOTICES = """\
[[notice]]
slug = "off-label"
title = "Off-label"
text = "This use is **off-label**."
therapies = ["prp"]
regions = ["US", "GB-SCT"]
starts = 2026-03-02
basis = "So that readers know."
"""

POLICY = """\
+++
title = "Privacy notice"
summary = "What we keep."
version = "1.0"
effective = 2026-10-01
+++
We keep little.

## What we keep {#what}

Your name.
"""

CENTERS = """\
slug,name,country,country_name,region,city,address,postal_code,time_zone,phone,hours,latitude,longitude
york,Fernhill York,GB,United Kingdom,,York,"2 Wall Street, Floor 1",YO1,Europe/London,,Mo-Fr 09:00-13:00 14:00-18:00,53.9600,-1.0800
seattle,Fernhill Seattle,US,United States,US-WA,Seattle,3 Pier Road,98101,America/Los_Angeles,+1 206-555-0112,Sa 09:00-12:00,47.6062,-122.3321
leeds,Fernhill Leeds,GB,United Kingdom,,Leeds,4 Mill Lane,LS1,Europe/London,+44 113 496 0123,Mo 10:00-12:00,53.8008,-1.5491
"""

FILES = {
    "clinic.toml": CLINIC,
    "topics.toml": TOPICS,
    "contributors.toml": CONTRIBUTORS,
    "references/sources.toml": REFERENCES,
    "criteria.toml": CRITERIA,
    "therapies/prp.toml": THERAPY_PRP,
    "therapies/standard-care.toml": THERAPY_CARE,
    "comparisons.toml": COMPARISONS,
    "articles/what-is-prp.md": ARTICLE_PRP,
    "articles/exosomes.md": ARTICLE_EXOSOMES,
    "questions.toml": QUESTIONS,
    "decision.toml": DECISION,
    "notices.toml": NOTICES,
    "policies/privacy.md": POLICY,
    "centers.csv": CENTERS,
}


class TinyLibrary:
    """The files of a library in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path, text in FILES.items():
            self.write(path, text)

    def write(self, path: str, content: str | bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands in the file exactly once."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(old) == 1
        self.write(path, text.replace(old, new))

    def remove(self, path: str) -> None:
        (self.folder / path).unlink()


def load(library: TinyLibrary) -> list[str]:
    """Run the command and return the lines it prints."""
    out = StringIO()
    call_command("load_library", str(library.folder), stdout=out)
    return out.getvalue().splitlines()


def changed_by(library: TinyLibrary) -> list[str]:
    """Load and return the lines that tell of something new or changed."""
    return [line for line in load(library) if not line.endswith("(0 new, 0 changed)")]


def mistakes(folder: Path) -> list[str]:
    """Load and return the mistakes that the command reports, having checked that nothing was written."""
    with pytest.raises(CommandError) as refused:
        call_command("load_library", str(folder))
    assert [name for name in models.__all__ if getattr(models, name).objects.exists()] == []
    first, *others = str(refused.value).splitlines()
    assert first == f"nothing was loaded from {folder}:"
    return others
