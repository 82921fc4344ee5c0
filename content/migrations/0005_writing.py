"""Glossary terms, cards of sections, and words that are kept while somebody writes."""

from importlib import import_module

import content.anchors
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


# SQLite drops a table's triggers where Django writes the table anew.
TRIGGERS = import_module("content.migrations.0002_approved_revisions_never_change").TRIGGERS


def lower(apps, schema_editor):
    TRIGGERS.lower(schema_editor.connection)


def raise_(apps, schema_editor):
    TRIGGERS.raise_(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0004_pictures_never_change'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lower, raise_),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, validators=[content.anchors.validate])),
                ('name', models.CharField(help_text='As it stands in a sentence, such as growth factor.', max_length=60)),
                ('spellings', models.TextField(blank=True, help_text='Plurals, abbreviations and other names, one a line.', verbose_name='other spellings')),
                ('definition', models.CharField(help_text='One or two plain sentences.', max_length=300)),
            ],
            options={
                'verbose_name': 'glossary term',
                'ordering': [django.db.models.functions.text.Lower('name')],
            },
        ),
        migrations.CreateModel(
            name='UnsavedWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(default=1)),
                ('form', models.TextField(help_text="The form's fields, encoded as in an address.")),
                ('kept_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'unsaved words',
            },
        ),
        migrations.AddField(
            model_name='section',
            name='card',
            field=models.CharField(blank=True, choices=[('doctor', 'Care card: see a doctor'), ('urgent', 'Care card: urgent, get medical help today'), ('emergency', 'Care card: emergency, call for help now'), ('standard-care', 'After the text: standard care, as it stands now'), ('consultation', 'After the text: an invitation to a consultation')], help_text="Care cards say when to get help: the section's text is what is on the card.", max_length=15),
        ),
        migrations.AlterField(
            model_name='formerslug',
            name='kind',
            field=models.CharField(choices=[('article', 'Article'), ('therapy', 'Therapy'), ('center', 'Center'), ('term', 'Glossary term')], max_length=8),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.CheckConstraint(condition=models.Q(('card', ''), ('card__in', ['doctor', 'urgent', 'emergency', 'standard-care', 'consultation']), _connector='OR'), name='content_section_card_known'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='content_term_name_once', violation_error_message='The glossary has this term already.'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(('slug__iregex', '^(about|choice-error|compare|contents|findings|glance|guides|main|near|often|questions|references|related|status|talk|(ref|cite|notice|group|id)-.*)$'), _negated=True), name='content_term_slug_not_reserved', violation_error_message='This is an anchor of the page itself; choose another.'),
        ),
        migrations.AddField(
            model_name='unsavedwords',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='unsavedwords',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unsaved', to='content.revision'),
        ),
        migrations.AddConstraint(
            model_name='unsavedwords',
            constraint=models.UniqueConstraint(fields=('revision', 'by'), name='content_unsavedwords_once_per_person'),
        ),
        migrations.RunPython(raise_, lower),
    ]
