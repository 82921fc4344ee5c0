"""Lets counts of days hold visits, too; until the worker has counted a day anew, its numbers are read from requests and appointments."""

from django.db import migrations, models

NUMBER = {"null": True, "blank": True}
COLUMNS = {
    "attended": {},
    "no_shows": {},
    "booked_minutes": {"help_text": "Of appointments that were agreed and not given up."},
    "phone_attended": {"help_text": "By phone or video, of requests that name this center."},
    "phone_no_shows": {},
}


class Migration(migrations.Migration):
    locks = "only the worker writes to this table, and it goes on a minute later"
    dependencies = [("consultations", "0008_visits_elsewhere")]
    operations = [
        *(
            migrations.AddField("daycount", name, models.PositiveIntegerField(**NUMBER, **words))
            for name, words in COLUMNS.items()
        ),
        migrations.AddIndex(
            "daycount",
            models.Index(
                fields=["day", "span", "booked_minutes"],
                condition=models.Q(everywhere=True),
                name="consultations_daycount_whole",
            ),
        ),
        migrations.AddIndex(
            "daycount",
            models.Index(fields=["center", "span", "day", "booked_minutes"], name="consultations_daycount_places"),
        ),
    ]
