"""Calls records what the desk calls them: mails, openings, lines of timelines. No table changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consultations", "0010_search_by_folded_parts")]
    operations = [
        migrations.AlterModelOptions(
            "accessentry",
            {
                "ordering": ["-at", "-id"],
                "verbose_name": "opening of contact details",
                "verbose_name_plural": "openings of contact details",
            },
        ),
        migrations.AlterModelOptions(
            "activity",
            {
                "ordering": ["at", "id"],
                "verbose_name": "line of a timeline",
                "verbose_name_plural": "lines of timelines",
            },
        ),
        migrations.AlterModelOptions("message", {"ordering": ["-created_at", "-id"], "verbose_name": "mail"}),
        migrations.AlterModelOptions(
            "waitingentry",
            {
                "ordering": ["joined_at", "id"],
                "verbose_name": "place on the waiting list",
                "verbose_name_plural": "waiting list",
            },
        ),
    ]
