"""Digests by which the desk filters language and page, and why requests were closed; triggers stand aside meanwhile."""

from importlib import import_module

from django.conf import settings
from django.db import migrations, models

TRIGGERS = import_module("consultations.migrations.0005_history_never_changes").TRIGGERS


def lower(apps, schema_editor):
    """SQLite writes the table anew, and the triggers of the history ask it."""
    TRIGGERS.lower(schema_editor.connection)


def say_why(apps, schema_editor):
    """Count what was closed before as closed for another reason."""
    apps.get_model("consultations", "ConsultationRequest").objects.filter(status="lost").update(closed_for="other")


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0006_retention_rules'),
        ('content', '0004_pictures_never_change'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lower, migrations.RunPython.noop),
        migrations.AddField(
            model_name='consultationrequest',
            name='closed_for',
            field=models.CharField(blank=True, choices=[('price', 'Price'), ('distance', 'Too far away'), ('unsuitable', 'Not suitable'), ('unreachable', 'Could not be reached'), ('elsewhere', 'Went elsewhere'), ('mind', 'Changed their mind'), ('other', 'Another reason')], editable=False, max_length=12, verbose_name='closed for'),
        ),
        migrations.AddField(
            model_name='consultationrequest',
            name='language_digest',
            field=models.CharField(blank=True, editable=False, max_length=16),
        ),
        migrations.AddField(
            model_name='consultationrequest',
            name='source_digest',
            field=models.CharField(blank=True, editable=False, max_length=16),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(fields=['language_digest', '-received_at', '-id'], name='consultations_request_language'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(fields=['source_digest', '-received_at', '-id'], name='consultations_request_source'),
        ),
        migrations.AddIndex(
            model_name='consultationrequest',
            index=models.Index(condition=models.Q(('closed_for', ''), _negated=True), fields=['received_at', 'closed_for'], name='consultations_request_closed'),
        ),
        migrations.AddConstraint(
            model_name='consultationrequest',
            constraint=models.CheckConstraint(condition=models.Q(('closed_for', ''), models.Q(('closed_for__in', ['price', 'distance', 'unsuitable', 'unreachable', 'elsewhere', 'mind', 'other']), ('status', 'lost')), _connector='OR'), name='consultations_request_closed_for_known'),
        ),
        migrations.RunPython(say_why, migrations.RunPython.noop),
        TRIGGERS.operation(),
    ]
