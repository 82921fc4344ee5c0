"""Indexes that tell whose a request is, so that who sees one center pays no more than who sees them all.

A request is seen by its center, and by each center at which its visitor has an appointment. Few have one elsewhere: triggers mark
those appointments (`elsewhere`) and their requests (`visits_elsewhere`), and no others are looked at. A mark is never taken back: it
says where to look, and whether there is an appointment that counts is asked of its center and status (models/place.py).

SQLite drops a table's triggers with the table, and Django writes a table anew to alter it there: a migration that alters requests or
appointments calls `remove` before and `add` after. So does this one with the triggers of the history, which look at requests.
"""

from importlib import import_module

from django.conf import settings
from django.db import migrations, models

from content.triggers import function

REQUEST, APPOINTMENT = "consultations_consultationrequest", "consultations_appointment"
NAME = "consultations_visits_elsewhere"
BOOKED, NAMED = f"{NAME}_booked", f"{NAME}_named"
# After an appointment was written: whether its request names another center or none, and the marks of both.
IS_AWAY = f"""NEW.center_id IS NOT NULL AND EXISTS (SELECT 1 FROM {REQUEST} AS mine WHERE mine.id = NEW.request_id
    AND (mine.center_id IS NULL OR mine.center_id <> NEW.center_id))"""  # noqa: S608  names of our own tables
MARK = f"""UPDATE {REQUEST} SET visits_elsewhere = {{true}} WHERE id = NEW.request_id AND NOT visits_elsewhere;
    UPDATE {APPOINTMENT} SET elsewhere = {{true}} WHERE id = NEW.id AND NOT elsewhere;"""  # noqa: S608  as above
# After a request was given another center or none: its appointments that are elsewhere now.
AWAY = f"""FROM {APPOINTMENT} AS visit WHERE visit.request_id = NEW.id AND visit.center_id IS NOT NULL
    AND (NEW.center_id IS NULL OR visit.center_id <> NEW.center_id)"""
MARK_ALL = f"""UPDATE {APPOINTMENT} SET elsewhere = {{true}} WHERE NOT elsewhere AND id IN (SELECT visit.id {AWAY});
    UPDATE {REQUEST} SET visits_elsewhere = {{true}} WHERE id = NEW.id AND NOT visits_elsewhere AND EXISTS (SELECT 1 {AWAY});"""  # noqa: S608  as above
RAISED = {
    "sqlite": [
        f"CREATE TRIGGER {BOOKED} AFTER INSERT ON {APPOINTMENT} WHEN {IS_AWAY} BEGIN {MARK.format(true='1')} END",
        f"CREATE TRIGGER {BOOKED}_anew AFTER UPDATE OF center_id, request_id ON {APPOINTMENT} WHEN {IS_AWAY}"
        f" BEGIN {MARK.format(true='1')} END",
        f"CREATE TRIGGER {NAMED} AFTER UPDATE OF center_id ON {REQUEST} BEGIN {MARK_ALL.format(true='1')} END",
    ],
    "postgresql": [
        function(BOOKED, f"IF {IS_AWAY} THEN {MARK.format(true='true')} END IF; RETURN NULL;"),
        f"CREATE TRIGGER {BOOKED} AFTER INSERT OR UPDATE OF center_id, request_id ON {APPOINTMENT}"
        f" FOR EACH ROW EXECUTE FUNCTION {BOOKED}()",
        function(NAMED, f"{MARK_ALL.format(true='true')} RETURN NULL;"),
        f"CREATE TRIGGER {NAMED} AFTER UPDATE OF center_id ON {REQUEST} FOR EACH ROW EXECUTE FUNCTION {NAMED}()",
    ],
}
LOWERED = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {name}" for name in (BOOKED, f"{BOOKED}_anew", NAMED)],
    "postgresql": [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in (BOOKED, NAMED)],
}


HISTORY = import_module("consultations.migrations.0005_history_never_changes")


def lower_history(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        HISTORY.lower(schema_editor.connection)


def raise_history(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        HISTORY.raise_(schema_editor.connection)


def add(apps, schema_editor):
    for statement in RAISED.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)
    # What the triggers do, done once for what is there.
    requests = apps.get_model("consultations", "ConsultationRequest").objects
    visits = apps.get_model("consultations", "Appointment").objects
    there = visits.exclude(center=None).exclude(center=models.F("request__center"))
    requests.filter(pk__in=there.values("request")).update(visits_elsewhere=True)
    visits.filter(pk__in=there.values("pk")).update(elsewhere=True)


def remove(apps, schema_editor):
    for statement in LOWERED.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0007_search_by_parts'),
        ('content', '0005_decisions_never_change'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lower_history, raise_history),
        migrations.RemoveIndex(
            model_name='consultationrequest',
            name='consultations_request_newest',
        ),
        migrations.RemoveIndex(
            model_name='consultationrequest',
            name='consultations_request_answer',
        ),
        migrations.RemoveIndex(
            model_name='consultationrequest',
            name='consultations_request_next',
        ),
        migrations.RemoveIndex(
            model_name='consultationrequest',
            name='consultations_request_held',
        ),
        migrations.RemoveIndex(
            model_name='consultationrequest',
            name='consultations_request_spam',
        ),
        migrations.AddField(
            model_name='consultationrequest',
            name='visits_elsewhere',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='An appointment is, or was, at a center that the request does not name.'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(fields=['-received_at', '-id', 'center', 'visits_elsewhere'], name='consultations_request_newest'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(fields=['center', '-received_at', '-id'], name='consultations_request_center'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('erased_at', None), ('first_contact_at', None), ('status__in', ['attempted', 'new'])), fields=['respond_by', 'id', 'center', 'visits_elsewhere'], name='consultations_request_answer'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('erased_at', None), ('status__in', ['attempted', 'booked', 'new', 'reached'])), fields=['next_at', 'id', 'status', 'next_step', 'assignee', 'center', 'visits_elsewhere'], name='consultations_request_next'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('erased_at', None), ('status__in', ['attempted', 'booked', 'new', 'reached'])), fields=['assignee', 'next_at', 'center', 'visits_elsewhere'], name='consultations_request_held'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('erased_at', None), ('status', 'spam')), fields=['-received_at', '-id', 'center', 'visits_elsewhere'], name='consultations_request_spam'),
        ),
        migrations.RemoveIndex(
            model_name='consultationrequest',
            name='consultations_request_language',
        ),
        migrations.RemoveIndex(
            model_name='consultationrequest',
            name='consultations_request_source',
        ),
        migrations.RemoveIndex(
            model_name='consultationrequest',
            name='consultations_request_closed',
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['starts_at', 'status', 'center', 'ends_at', 'request'], name='consultations_appt_numbers'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('erased_at', None)), fields=['language_digest', '-received_at', '-id', 'center', 'visits_elsewhere'], name='consultations_request_language'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('erased_at', None)), fields=['source_digest', '-received_at', '-id', 'center', 'visits_elsewhere'], name='consultations_request_source'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('first_contact_at__isnull', False)), fields=['-received_at', '-id', 'first_contact_at', 'center', 'visits_elsewhere'], name='consultations_request_answered'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('closed_for', ''), _negated=True), fields=['received_at', 'closed_for', 'center', 'visits_elsewhere'], name='consultations_request_closed'),
        ),
        migrations.AddIndex(
            model_name='daycount',
            index=models.Index(fields=['seen'], name='consultations_daycount_seen'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='elsewhere',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='At a center that the request does not name, or did not at one time.'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('elsewhere', True)), fields=['center', 'request', 'status'], name='consultations_appt_elsewhere'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('visits_elsewhere', True)), fields=['center', 'id'], name='consultations_request_guest'),
        ),
        migrations.RunPython(raise_history, lower_history),
        migrations.RunPython(add, remove),
    ]
