"""Reads comparison tables from the database, in two queries for any number of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import F, FilteredRelation, Q, QuerySet

from content.comparison import tables
from content.models import Comparison, ComparisonTherapy, Criterion, Finding, Therapy

_TABLE = "in_table"


def tables_of(comparisons: Sequence[Comparison], numbers: Mapping[int, int]) -> dict[int | None, tables.Table]:
    """Return the table of each named comparison by its id; the article's `numbers` are kept and go on over the tables.

    A therapy that is not shown to readers is no column of any.
    """
    if not comparisons:
        return {}
    columns: dict[int, list[Therapy]] = {}
    shown = ComparisonTherapy.objects.filter(comparison__in=comparisons, therapy__in=Therapy.objects.shown())
    for column in shown.select_related("therapy"):
        columns.setdefault(column.comparison_id, []).append(column.therapy)
    therapies = {therapy.pk: therapy for group in columns.values() for therapy in group}
    criteria = Criterion.objects.filter(table_rows__comparison__in=comparisons).order_by(
        "table_rows__position", "table_rows__id"
    )
    rows: dict[int, dict[int, Criterion]] = {}
    findings: list[Finding] = []
    for criterion in _with_cells(criteria.annotate(**{_TABLE: F("table_rows__comparison")}), therapies):
        table: int = getattr(criterion, _TABLE)
        rows.setdefault(table, {})[criterion.pk] = criterion
        findings += _cell(criterion)
    numbering = dict(numbers)
    drawn: dict[int | None, tables.Table] = {}
    for item in comparisons:
        if item.pk not in columns:
            continue
        drawn[item.pk] = tables.build(
            caption=item.caption,
            therapies=columns[item.pk],
            criteria=list(rows.get(item.pk, {}).values()),
            findings=findings,
            numbers=numbering,
        )
        numbering |= {reference.pk: number for number, reference in drawn[item.pk].references.items()}
    return drawn


def table_of(therapies: Sequence[Therapy], caption: str) -> tables.Table:
    """Return the table of `therapies` by every criterion, what differs first, with references of its own; one query."""
    rows = list(_with_cells(Criterion.objects.all(), [therapy.pk for therapy in therapies]))
    return tables.build(
        caption=caption,
        therapies=therapies,
        criteria=list({criterion.pk: criterion for criterion in rows}.values()),
        findings=[finding for criterion in rows for finding in _cell(criterion)],
        differing_first=True,
    )


def _with_cells(criteria: QuerySet[Criterion], therapies: Iterable[int]) -> QuerySet[Criterion]:
    """Join the findings of `therapies`: one row per criterion and finding, and one where a criterion has none."""
    cells = FilteredRelation("findings", condition=Q(findings__therapy__in=list(therapies)))
    joined: QuerySet[Criterion] = criteria.annotate(cell=cells)
    return joined.select_related("cell__reference")  # type: ignore[misc]  # the plugin does not know filtered relations


def _cell(criterion: Criterion) -> list[Finding]:
    finding: Finding | None = getattr(criterion, "cell", None)
    return [finding] if finding is not None else []
