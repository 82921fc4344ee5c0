"""The four staff groups and their permissions, as data; synchronised after every migration."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

EDITORS, REVIEWERS, TRIAGE, MANAGERS = "Editors", "Medical reviewers", "Triage", "Managers"

# Never deleted: see content/models/revision.py.
ARTICLES = ["article", "revision"]
EDITED = (
    "section articlereference relatedarticle topic therapy criterion finding reference comparison comparisontherapy "
    "comparisoncriterion question term decisionquestion decisionanswer notice searchsynonym"
).split()
# What may not be claimed: reviewers decide it, everybody who writes sees it; a rule is switched off, never deleted.
RULES = ["claimrule"]
# History of what was proposed and let pass; verbs write it.
DESK = ["claimruleversion", "revisionevent", "proposedchange", "claimoverride", "formerslug", "searchmiss"]
# Written once: a picture that an approved article shows must stay what it was.
PICTURES = ["image"]
CLINIC = "clinicprofile policy center country openingperiod".split()
# What booking writes, and the rules for when consultants can be booked.
TIMES = ["appointment", "waitingentry"]
HOURS = ["workingperiod", "dateexception", "leave", "closure"]
SCHEDULE = ["consultant", "appointmenttype", *HOURS]

ALL_OF = ("add", "change", "delete", "view")
# (actions, app, models) for each group.
GRANTS: dict[str, list[tuple[tuple[str, ...], str, list[str]]]] = {
    EDITORS: [
        (("add", "change", "view"), "content", [*ARTICLES, "contributor"]),
        (ALL_OF, "content", EDITED),
        (("add", "view"), "content", PICTURES),
        (("view",), "content", [*CLINIC, *RULES, *DESK]),
    ],
    # Who reviews an article does not write it.
    REVIEWERS: [
        (("view",), "content", [*ARTICLES, "contributor", *EDITED, *PICTURES, *CLINIC, *DESK]),
        (("approve",), "content", ["revision"]),
        (("change",), "content", ["finding", "therapy"]),
        (("view", "add", "change"), "content", RULES),
    ],
    TRIAGE: [
        (("view", "change"), "consultations", ["consultationrequest"]),
        (("view",), "consultations", ["activity", "message", "consent", "consenttext", *TIMES, *SCHEDULE]),
        (ALL_OF, "consultations", ["savedview"]),
        (("view",), "consultations", ["callrule", "cannedreply"]),
        (("view", "merge"), "consultations", ["person"]),
        (("view",), "content", ["center", "therapy"]),
    ],
    MANAGERS: [
        (("view", "change", "erase", "export", "hold"), "consultations", ["consultationrequest"]),
        (("view", "merge"), "consultations", ["person"]),
        (("view",), "consultations", ["exportentry"]),
        (("view", "change"), "consultations", ["retentionrule"]),
        (("view",), "consultations", ["activity", "accessentry", "message", "consent", *TIMES]),
        (("view", "add", "change"), "consultations", ["consenttext", "consultant", "appointmenttype"]),
        (ALL_OF, "consultations", [*HOURS, "savedview", "callrule", "cannedreply", "escalationrule"]),
        # For the places that they have themselves: see access/granting.py.
        (("view", "add", "delete"), "consultations", ["placeright"]),
        (("view",), "content", [*ARTICLES, "contributor", *EDITED, *PICTURES, *RULES, *DESK]),
        (("view", "change"), "content", CLINIC),
        (("add", "delete"), "content", ["center", "openingperiod"]),
    ],
}


def sync(**kwargs: Any) -> None:
    """Give every group exactly the permissions written above; memberships are left alone."""
    for name, grants in GRANTS.items():
        wanted = Q(pk__in=[])
        for actions, app, models in grants:
            codenames = [f"{action}_{model}" for action in actions for model in models]
            wanted |= Q(content_type__app_label=app, codename__in=codenames)
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(wanted))
