"""Triggers: an uploaded picture and its files do not change, whoever asks, as articles that show them were approved with them.

One that no article shows can be deleted; the keys of sections hold those that one does.
"""

from django.db import migrations

from content.triggers import Triggers, function, on_postgresql, on_sqlite, refusal

TABLES, GUARD = ["content_image", "content_imagefile"], "content_picture_guard"
FIXED = "A picture never changes: upload another one."
TRIGGERS = Triggers(
    TABLES,
    [GUARD],
    [on_sqlite(table, "update", "UPDATE", "1", FIXED) for table in TABLES],
    [
        function(GUARD, refusal(FIXED)),
        *(statement for table in TABLES for statement in on_postgresql(table, GUARD, "UPDATE", emptied=False)),
    ],
)


class Migration(migrations.Migration):
    dependencies = [("content", "0003_comments_keep_their_words")]

    operations = [TRIGGERS.operation()]
