# The tables as they are: no site runs an earlier version.

import content.anchors
import content.choices
import content.fields
import content.models.center
import content.models.claim_rule
import content.models.notice
import content.models.reference
import content.models.search
import content.models.therapy
import datetime
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='address')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='Comparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                ('title', models.CharField(max_length=120)),
                ('caption', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('help', models.CharField(blank=True, max_length=200)),
                ('group', models.CharField(max_length=40)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('required', models.BooleanField(default=False, help_text='For risks: a therapy without a finding here is not shown to readers at all.')),
            ],
            options={
                'verbose_name_plural': 'criteria',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='DecisionQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Its name in a link that a visitor makes.', max_length=40, unique=True, verbose_name='name in links')),
                ('question', models.CharField(max_length=120)),
                ('help', models.CharField(blank=True, max_length=200)),
                ('ask', models.TextField(blank=True, help_text='To ask a doctor, one a line.', verbose_name='questions for everybody')),
                ('position', models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('privacy', 'Privacy notice'), ('consumer-health-data', 'Consumer health data notice'), ('accessibility', 'Accessibility statement')], max_length=24, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('summary', models.CharField(max_length=160)),
                ('version', models.CharField(max_length=12)),
                ('effective_on', models.DateField()),
                ('body', content.fields.RichTextField(headings_named=True)),
            ],
            options={
                'verbose_name_plural': 'policies',
                'ordering': ['kind'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True, validators=[content.anchors.validate], verbose_name='address')),
                ('question', models.CharField(max_length=160)),
                ('answer', content.fields.RichTextField()),
                ('group', models.CharField(max_length=40)),
                ('position', models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('slug__iregex', '^(about|choice-error|compare|contents|findings|glance|guides|main|near|often|questions|references|related|status|talk|(ref|cite|notice|group|id)-.*)$'), _negated=True), name='content_question_slug_not_reserved', violation_error_message='This is an anchor of the page itself; choose another.')],
            },
        ),
        migrations.CreateModel(
            name='TableVersion',
            fields=[
                ('name', models.CharField(help_text='Empty: any of them.', max_length=63, primary_key=True, serialize=False)),
                ('number', models.PositiveBigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='address')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='ClaimRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                ('name', models.CharField(help_text='What the sentence does, such as: Says that a disease is cured.', max_length=100)),
                ('family', models.CharField(choices=[('disease', 'Cures or treats a disease'), ('approval', 'A regulator’s approval'), ('registered', 'Registration dressed as approval'), ('safety', 'Absolute safety'), ('guarantee', 'Guarantee or success rate'), ('proven', '“Proven”'), ('superiority', 'Better than standard care'), ('live_cells', 'Live cells in exosomes'), ('ageing', 'Against ageing'), ('miracle', 'Miracle wording'), ('testimonial', 'Testimonial as evidence'), ('pressure', 'Pressure to buy'), ('price', 'Price or insurance as bait'), ('evidence', 'More than the evidence carries')], max_length=12)),
                ('severity', models.CharField(choices=[('block', 'Block: an article cannot be submitted or approved'), ('warn', 'Warn: look again'), ('hint', 'Hint')], default='block', max_length=5)),
                ('hedged', models.CharField(choices=[('same', 'The same'), ('warn', 'A warning'), ('nothing', 'Nothing')], default='warn', help_text='What a finding becomes where the sentence says “may”, “might” or the like.', max_length=7, verbose_name='with “may” or “might”')),
                ('patterns', models.TextField(help_text='One a line: words, word*, verb+ (all its forms), one|other, {class}, # (a number), … as three dots.', validators=[content.models.claim_rule.validate_patterns])),
                ('unless', models.TextField(blank=True, help_text='Patterns that make a sentence harmless when they stand in it too.', validators=[content.models.claim_rule.validate_patterns])),
                ('despite', models.CharField(blank=True, help_text='What does not excuse it: negated, told, warned, asked, studied, advised, conventional.', max_length=200, validators=[content.models.claim_rule.validate_stances])),
                ('spared', models.CharField(blank=True, help_text='Regulatory statuses of a therapy for which it is true.', max_length=200, validators=[content.models.claim_rule.validate_statuses], verbose_name='may be said of')),
                ('therapies', models.CharField(blank=True, help_text='Slugs of the therapies it is limited to. Empty: all.', max_length=500)),
                ('fields', models.CharField(blank=True, help_text='Kinds of fields it is limited to. Empty: all.', max_length=200, validators=[content.models.claim_rule.validate_field_kinds])),
                ('grades', models.CharField(blank=True, help_text='Grades it is limited to. Empty: all.', max_length=200, validators=[content.models.claim_rule.validate_grades], verbose_name='evidence grades')),
                ('reason', models.CharField(help_text='Why not, in a sentence that an editor understands.', max_length=300)),
                ('wording', models.CharField(blank=True, max_length=300, verbose_name='better wording')),
                ('source', models.CharField(help_text='Law, regulation or guidance that it rests on.', max_length=300)),
                ('active', models.BooleanField(default=True, help_text='Rules are switched off, not deleted, so that history stays.')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'ordering': ['family', 'slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('family__in', ['disease', 'approval', 'registered', 'safety', 'guarantee', 'proven', 'superiority', 'live_cells', 'ageing', 'miracle', 'testimonial', 'pressure', 'price', 'evidence'])), name='content_claimrule_family_known'), models.CheckConstraint(condition=models.Q(('severity__in', ['block', 'warn', 'hint'])), name='content_claimrule_severity_known'), models.CheckConstraint(condition=models.Q(('hedged__in', ['same', 'warn', 'nothing'])), name='content_claimrule_hedged_known'), models.CheckConstraint(condition=models.Q(('patterns', ''), _negated=True), name='content_claimrule_has_pattern', violation_error_message='Write at least one pattern.')],
            },
        ),
        migrations.CreateModel(
            name='ClinicProfile',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('short_name', models.CharField(max_length=30)),
                ('tagline', models.CharField(max_length=120)),
                ('legal_name', models.CharField(max_length=120)),
                ('phone', phonenumber_field.modelfields.PhoneNumberField(max_length=128, region=None)),
                ('email', models.EmailField(max_length=254)),
                ('address', models.CharField(max_length=200)),
                ('banner_text', models.CharField(help_text='The call on top of pages; phone and number of centers are added.', max_length=160)),
                ('hours_text', models.CharField(max_length=120)),
                ('disclaimer', models.TextField(help_text='Stands under every article, therapy and comparison.')),
                ('emergency_text', models.CharField(max_length=400)),
                ('consultation_text', models.CharField(help_text='What a free consultation is.', max_length=400)),
                ('about', content.fields.RichTextField()),
                ('response_promise', models.CharField(help_text='When a visitor hears back, in words.', max_length=80)),
                ('response_hours', models.PositiveSmallIntegerField(default=8, help_text='The same in business hours, for the deadline.')),
                ('claim_minutes', models.PositiveSmallIntegerField(default=60, help_text='Minutes after which a request goes back to everybody where whoever took it has not tried to reach the visitor.', verbose_name='time for a first attempt')),
                ('waiting_pauses', models.BooleanField(default=True, help_text='Until the date of that step, or until the visitor or staff do something else.', verbose_name='the promised time pauses while we wait for the visitor')),
                ('time_zone', models.CharField(max_length=40, validators=[content.models.center.validate_time_zone])),
                ('hours', models.CharField(help_text='Business hours such as Mo-Fr 09:00-18:00, in the zone above.', max_length=120)),
                ('discreet_mail', models.BooleanField(default=True, help_text='Mails to visitors carry the short name only and speak of a message, not of a consultation: others may see the screen on which they arrive.')),
                ('review_grace_months', models.PositiveSmallIntegerField(default=6, help_text='Months after which a page whose review is overdue no longer asks readers to talk to us. 0: from the first day.')),
            ],
            options={
                'verbose_name': 'clinic profile',
                'verbose_name_plural': 'clinic profile',
                'constraints': [models.CheckConstraint(condition=models.Q(('review_grace_months__lte', 60)), name='content_clinicprofile_review_grace_plausible', violation_error_message='Five years, 60 months, is the most.'), models.CheckConstraint(condition=models.Q(('id', 1)), name='content_clinicprofile_single'), models.CheckConstraint(condition=models.Q(('response_hours__range', (1, 200))), name='content_clinicprofile_response_hours_plausible', violation_error_message='Promise an answer within 1 to 200 business hours.'), models.CheckConstraint(condition=models.Q(('claim_minutes__range', (5, 10080))), name='content_clinicprofile_claim_minutes_plausible', violation_error_message='Give between 5 minutes and a week for a first attempt.')],
            },
        ),
        migrations.CreateModel(
            name='ContentVersion',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('number', models.PositiveBigIntegerField(default=1)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='content_version_single')],
            },
        ),
        migrations.CreateModel(
            name='Contributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='address')),
                ('name', models.CharField(max_length=80)),
                ('credentials', models.CharField(blank=True, max_length=60)),
                ('role', models.CharField(max_length=80)),
                ('bio', models.CharField(blank=True, max_length=300)),
                ('account', models.OneToOneField(blank=True, help_text='Their login. Only who has one can approve, as readers see the name of the account that approved.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contributor', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Country',
            fields=[
                ('code', models.CharField(max_length=2, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, unique=True)),
            ],
            options={
                'verbose_name_plural': 'countries',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z][A-Z]$')), name='content_country_code_two_letters', violation_error_message='The code must be two capital letters, as in ISO 3166.')],
            },
        ),
        migrations.CreateModel(
            name='Center',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='page address')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('region', models.CharField(blank=True, help_text='ISO 3166-2, such as US-WA, where the law differs by region.', max_length=6)),
                ('city', models.CharField(max_length=60)),
                ('address', models.CharField(max_length=160)),
                ('postal_code', models.CharField(blank=True, max_length=12)),
                ('time_zone', models.CharField(max_length=40, validators=[content.models.center.validate_time_zone])),
                ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, help_text="Empty: the clinic's main number is shown.", max_length=128, region=None)),
                ('latitude', models.DecimalField(decimal_places=4, max_digits=7)),
                ('longitude', models.DecimalField(decimal_places=4, max_digits=7)),
                ('open_to_requests', models.BooleanField(default=True)),
                ('country', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='centers', to='content.country')),
            ],
            options={
                'ordering': ['country__name', 'city', 'name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('latitude__range', (-90, 90))), name='content_center_latitude_on_earth'), models.CheckConstraint(condition=models.Q(('longitude__range', (-180, 180))), name='content_center_longitude_on_earth'), models.CheckConstraint(condition=models.Q(('time_zone', ''), _negated=True), name='content_center_has_time_zone')],
            },
        ),
        migrations.CreateModel(
            name='ComparisonCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('comparison', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='content.comparison')),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='table_rows', to='content.criterion')),
            ],
            options={
                'verbose_name': 'row',
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('comparison', 'criterion'), name='content_comparisoncriterion_once_per_table')],
            },
        ),
        migrations.AddField(
            model_name='comparison',
            name='criteria',
            field=models.ManyToManyField(related_name='comparisons', through='content.ComparisonCriterion', to='content.criterion'),
        ),
        migrations.CreateModel(
            name='DecisionAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Its name in a link that a visitor makes.', max_length=40, verbose_name='name in links')),
                ('answer', models.CharField(max_length=100)),
                ('matters', models.CharField(max_length=240, verbose_name='what matters then')),
                ('ask', models.TextField(blank=True, help_text='To ask a doctor, one a line.', verbose_name='questions to ask')),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='content.decisionquestion')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('question', 'slug'), name='content_decisionanswer_slug_once_per_question', violation_error_message='Another answer to this question has this name in links.')],
            },
        ),
        migrations.CreateModel(
            name='Image',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('title', models.CharField(help_text='How editors find it again. Readers do not see it.', max_length=120)),
                ('width', models.PositiveSmallIntegerField(editable=False)),
                ('height', models.PositiveSmallIntegerField(editable=False)),
                ('kinds', models.CharField(editable=False, max_length=40)),
                ('uploaded_at', models.DateTimeField(editable=False)),
                ('uploaded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-uploaded_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='content_image_digest_is_sha256'), models.CheckConstraint(condition=models.Q(('height__gte', 1), ('width__gte', 1)), name='content_image_has_a_size')],
            },
        ),
        migrations.CreateModel(
            name='ImageFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('avif', 'AVIF'), ('webp', 'WebP'), ('jpg', 'JPEG'), ('png', 'PNG')], max_length=4)),
                ('width', models.PositiveSmallIntegerField()),
                ('content', models.BinaryField()),
                ('digest', models.CharField(blank=True, db_default='', default='', editable=False, max_length=64)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='content.image')),
            ],
            options={
                'ordering': ['image', 'width', 'kind'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(models.Q(('content', b''), _negated=True), ('digest', '')), models.Q(('content', b''), ('digest__regex', '^[0-9a-f]{64}$')), _connector='OR'), name='content_imagefile_here_or_elsewhere'), models.UniqueConstraint(fields=('image', 'kind', 'width'), name='content_imagefile_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['avif', 'webp', 'jpg', 'png'])), name='content_imagefile_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='OpeningPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')])),
                ('opens', models.TimeField()),
                ('closes', content.fields.EndTimeField(help_text='Write 24:00 for midnight; an earlier time than that of the start is on the next day.')),
                ('center', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_periods', to='content.center')),
            ],
            options={
                'ordering': ['weekday', 'opens'],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens')), ('closes', datetime.time(0, 0)), django.db.models.lookups.LessThanOrEqual(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.ExtractHour('closes'), '*', models.Value(60)), '+', django.db.models.functions.datetime.ExtractMinute('closes')), '+', models.Value(1440)), '-', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.ExtractHour('opens'), '*', models.Value(60)), '+', django.db.models.functions.datetime.ExtractMinute('opens'))), 720), _connector='OR'), name='content_openingperiod_closes_after_it_opens', violation_error_message='Hours end later than they start, or past midnight after at most 12 hours; midnight is 24:00.'), models.CheckConstraint(condition=models.Q(('weekday__range', (0, 6))), name='content_openingperiod_weekday_known'), models.UniqueConstraint(fields=('center', 'weekday', 'opens'), name='content_openingperiod_once')],
            },
        ),
        migrations.CreateModel(
            name='ProposedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('change', 'Change'), ('add', 'New'), ('remove', 'Remove')], max_length=6)),
                ('model', models.CharField(max_length=40)),
                ('row_id', models.PositiveBigIntegerField(blank=True, help_text='Empty for a new row until it is approved.', null=True)),
                ('title', models.CharField(max_length=200)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('proposed', 'Waiting for a reviewer'), ('sent_back', 'Sent back'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('proposed_at', models.DateTimeField(help_text='In UTC. When it was proposed last.')),
                ('decided_at', models.DateTimeField(blank=True, help_text='In UTC.', null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'change waiting for a reviewer',
                'verbose_name_plural': 'changes waiting for a reviewer',
                'ordering': ['proposed_at', 'pk'],
                'indexes': [models.Index(fields=['model', 'row_id'], name='content_proposedchange_row')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', content.choices.ChangeKind)), name='content_proposedchange_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', content.choices.ChangeState)), name='content_proposedchange_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='content_proposedchange_approved_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='content_proposedchange_approver_is_not_author', violation_error_message='Nobody approves their own words.'), models.CheckConstraint(condition=models.Q(('kind', 'add'), ('row_id__isnull', False), _connector='OR'), name='content_proposedchange_names_its_row')],
            },
        ),
        migrations.CreateModel(
            name='ProposedChangeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('proposed', 'Proposed'), ('revised', 'Proposed anew'), ('sent_back', 'Sent back'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('at', models.DateTimeField()),
                ('words', models.TextField(blank=True)),
                ('after', models.JSONField(default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='content.proposedchange')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('what__in', content.choices.ChangeEventKind)), name='content_proposedchangeevent_what_known'), models.CheckConstraint(condition=models.Q(models.Q(('what', 'sent_back'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='content_proposedchangeevent_sent_back_with_words')],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text='A short name to find it by, such as fda-consumer-alert-2020.', max_length=80, unique=True)),
                ('title', models.CharField(max_length=300)),
                ('authors', models.CharField(blank=True, max_length=300)),
                ('publisher', models.CharField(help_text='Journal with volume and pages, or the authority.', max_length=200)),
                ('year', models.PositiveSmallIntegerField()),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='web address')),
                ('doi', models.CharField(blank=True, max_length=120, validators=[content.models.reference.validate_doi], verbose_name='DOI')),
                ('pmid', models.CharField(blank=True, max_length=8, validators=[content.models.reference.validate_pmid], verbose_name='PubMed number')),
            ],
            options={
                'ordering': ['publisher', 'title'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('url', ''), _negated=True), models.Q(('doi', ''), _negated=True), models.Q(('pmid', ''), _negated=True), _connector='OR'), name='content_reference_can_be_found', violation_error_message='Give a web address, a DOI or a PubMed number, so that a reader can look the source up.'), models.CheckConstraint(condition=models.Q(('year__range', (1800, 2200))), name='content_reference_year_plausible', violation_error_message='The year must have four digits.'), models.UniqueConstraint(django.db.models.functions.text.Lower('doi'), condition=models.Q(('doi', ''), _negated=True), name='content_reference_doi_once', violation_error_message='Another source has this DOI.'), models.UniqueConstraint(condition=models.Q(('pmid', ''), _negated=True), fields=('pmid',), name='content_reference_pmid_once', violation_error_message='Another source has this PubMed number.')],
            },
        ),
        migrations.CreateModel(
            name='ArticleReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('reference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='content.reference')),
            ],
            options={
                'verbose_name': 'reference',
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='content_articlereference_number_from_one')],
            },
        ),
        migrations.CreateModel(
            name='RelatedArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('related', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linked_from', to='content.article')),
            ],
            options={
                'verbose_name': 'related guide',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='Counts the revisions of an article from 1.')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for review'), ('sent_back', 'Sent back'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=120)),
                ('summary', models.CharField(help_text="One or two plain sentences; also the page's description.", max_length=160)),
                ('lead', content.fields.RichTextField(help_text='One or two paragraphs before the first heading.')),
                ('key_points', models.TextField(blank=True, help_text='Three to five short sentences, one a line.')),
                ('illustration', models.CharField(blank=True, choices=[('how-prp-is-made', 'How PRP is made'), ('what-an-exosome-is', 'What an exosome is'), ('cells-and-exosomes', 'A cell beside exosomes'), ('stages-of-repair', 'Stages of tissue repair'), ('donor-screening', 'How donors are screened'), ('evidence-ladder', 'From laboratory to guideline'), ('side-by-side', 'Two options side by side'), ('blood-sugar-and-islets', 'Blood sugar and islet cells')], max_length=30)),
                ('edited_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('go_live_at', models.DateTimeField(blank=True, help_text='In UTC. From then on readers see it.', null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, help_text='In UTC. From then on they do not.', null=True)),
                ('published_at', models.DateTimeField(blank=True, help_text='In UTC. When readers could first see the article, in whatever revision.', null=True)),
                ('reviewed_on', models.DateField(blank=True, null=True)),
                ('next_review_on', models.DateField(blank=True, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='content.article')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='written_revisions', to='content.contributor')),
                ('based_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.revision')),
                ('edited_by', models.ForeignKey(help_text='Who changed it last.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('medical_reviewer', models.ForeignKey(blank=True, help_text='Who approved it, as readers see them.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviewed_revisions', to='content.contributor')),
                ('references', models.ManyToManyField(related_name='revisions', through='content.ArticleReference', to='content.reference')),
                ('related', models.ManyToManyField(related_name='related_from', through='content.RelatedArticle', to='content.article')),
            ],
            options={
                'ordering': ['-published_at', 'title'],
                'permissions': [('approve_revision', 'Can approve revisions and send them back')],
                'constraints': [models.UniqueConstraint(fields=('article', 'number'), name='content_revision_number_once'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'sent_back'])), fields=('article',), name='content_revision_one_open', violation_error_message='This article has a draft already.'), models.UniqueConstraint(condition=models.Q(('state', 'approved'), ('withdrawn_at__isnull', True)), fields=('article',), name='content_revision_one_without_end', violation_error_message='Another revision of this article is public without an end.'), models.CheckConstraint(condition=models.Q(('state__in', content.choices.RevisionState)), name='content_revision_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['draft', 'submitted', 'sent_back']), _negated=True), models.Q(('approved_at__isnull', True), ('approved_by__isnull', True), ('go_live_at__isnull', True), ('medical_reviewer__isnull', True), ('next_review_on__isnull', True), ('published_at__isnull', True), ('reviewed_on__isnull', True), ('withdrawn_at__isnull', True)), _connector='OR'), name='content_revision_open_is_unapproved'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('go_live_at__isnull', False), ('medical_reviewer__isnull', False), ('next_review_on__isnull', False), ('published_at__isnull', False), ('reviewed_on__isnull', False)), _connector='OR'), name='content_revision_approved_has_approver'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('withdrawn_at__isnull', False), models.Q(models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('go_live_at__isnull', False), ('medical_reviewer__isnull', False), ('next_review_on__isnull', False), ('published_at__isnull', False), ('reviewed_on__isnull', False)), models.Q(('approved_at__isnull', True), ('approved_by__isnull', True), ('go_live_at__isnull', True), ('medical_reviewer__isnull', True), ('next_review_on__isnull', True), ('published_at__isnull', True), ('reviewed_on__isnull', True)), _connector='OR')), _connector='OR'), name='content_revision_withdrawn_has_moment'), models.CheckConstraint(condition=models.Q(('approved_by', models.F('edited_by')), _negated=True), name='content_revision_approver_is_not_editor', violation_error_message='Nobody approves their own words.'), models.CheckConstraint(condition=models.Q(('author', models.F('medical_reviewer')), _negated=True), name='content_revision_reviewer_is_not_author', violation_error_message='The medical reviewer must be someone other than the author.'), models.CheckConstraint(condition=models.Q(('withdrawn_at__gte', models.F('go_live_at'))), name='content_revision_ends_after_it_goes_live'), models.CheckConstraint(condition=models.Q(('published_at__lte', models.F('go_live_at'))), name='content_revision_published_with_the_first'), models.CheckConstraint(condition=models.Q(('next_review_on__gt', models.F('reviewed_on'))), name='content_revision_next_review_after_review', violation_error_message='The next review must be later than the last one.')],
            },
        ),
        migrations.AddField(
            model_name='relatedarticle',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='related_links', to='content.revision'),
        ),
        migrations.CreateModel(
            name='PreviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('link_id', models.CharField(max_length=16, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(help_text='In UTC.')),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preview_links', to='content.revision')),
            ],
            options={
                'ordering': ['-made_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='content_previewlink_ends_after_made')],
            },
        ),
        migrations.CreateModel(
            name='ClaimOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.SlugField(max_length=60)),
                ('sentence', models.TextField()),
                ('reason', models.TextField(help_text='Why this sentence is true and fair, for whoever asks later.')),
                ('at', models.DateTimeField(help_text='In UTC.')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('change', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='content.proposedchange')),
                ('revision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='content.revision')),
            ],
            options={
                'verbose_name': 'finding let pass',
                'verbose_name_plural': 'findings let pass',
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('change__isnull', False), ('revision__isnull', True)), models.Q(('change__isnull', True), ('revision__isnull', False)), _connector='OR'), name='content_claimoverride_of_one_text'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='content_claimoverride_has_reason')],
            },
        ),
        migrations.AddField(
            model_name='articlereference',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='content.revision'),
        ),
        migrations.CreateModel(
            name='RevisionComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('anchor', models.SlugField(blank=True, help_text='Empty: about the whole.', max_length=60)),
                ('heading', models.CharField(blank=True, max_length=120)),
                ('words', models.TextField()),
                ('at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='content.revision')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='content_revisioncomment_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('resolved_by__isnull', True)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='content_revisioncomment_resolved_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='RevisionEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('started', 'Started'), ('saved', 'Saved'), ('submitted', 'Submitted for review'), ('sent_back', 'Sent back'), ('approved', 'Approved'), ('corrected', 'Approved as a correction'), ('withdrawn', 'Withdrawn'), ('shared', 'Preview link made'), ('unshared', 'Preview link revoked'), ('resolved', 'Comment resolved'), ('reopened', 'Comment opened again')], max_length=10)),
                ('at', models.DateTimeField()),
                ('words', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='content.revision')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('what__in', content.choices.EventKind)), name='content_revisionevent_what_known'), models.CheckConstraint(condition=models.Q(models.Q(('what', 'sent_back'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='content_revisionevent_sent_back_with_words')],
            },
        ),
        migrations.CreateModel(
            name='DeskMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='In UTC. Not before.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('given_up_at', models.DateTimeField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('submitted', 'An article waits for your review'), ('sent_back', 'An article was sent back to you'), ('approved', 'An article of yours was approved'), ('overdue', 'The review of an article is overdue')], max_length=10)),
                ('due_on', models.DateField(blank=True, help_text='The day of the review that is overdue.', null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.article')),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.revisionevent')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('given_up_at', None), ('sent_at', None)), fields=['due_at'], name='content_deskmail_waiting')],
                'constraints': [models.UniqueConstraint(fields=('event', 'account'), name='content_deskmail_once_per_event'), models.UniqueConstraint(condition=models.Q(('due_on__isnull', False)), fields=('article', 'due_on'), name='content_deskmail_once_per_review'), models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), ('event__isnull', True), ('kind', 'overdue')), models.Q(models.Q(('kind', 'overdue'), _negated=True), ('due_on__isnull', True), ('event__isnull', False)), _connector='OR'), name='content_deskmail_of_event_or_day'), models.CheckConstraint(condition=models.Q(('kind__in', content.choices.DeskMailKind)), name='content_deskmail_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='SearchMiss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('term', models.CharField(max_length=60)),
                ('count', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'search without result',
                'verbose_name_plural': 'searches without result',
                'ordering': ['-day', '-count', 'term'],
                'constraints': [models.UniqueConstraint(fields=('day', 'term'), name='content_searchmiss_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='SearchSynonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                ('phrases', models.TextField(help_text='One a line, such as: PRP, platelet-rich plasma, plasma rico en plaquetas. Plurals need no line.', validators=[content.models.search.validate_phrases])),
            ],
            options={
                'verbose_name': 'search synonym',
                'ordering': ['slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('phrases__contains', '\n')), name='content_searchsynonym_has_two', violation_error_message='Write at least two, one a line.')],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('heading', models.CharField(max_length=120)),
                ('anchor', models.SlugField(help_text='Part of links to this section; leave it when you reword the heading.', max_length=60, validators=[content.anchors.validate])),
                ('body', content.fields.RichTextField(blank=True)),
                ('card', models.CharField(blank=True, choices=[('doctor', 'Care card: see a doctor'), ('urgent', 'Care card: urgent, get medical help today'), ('emergency', 'Care card: emergency, call for help now'), ('standard-care', 'After the text: standard care, as it stands now'), ('consultation', 'After the text: an invitation to a consultation')], help_text="Care cards say when to get help: the section's text is what is on the card.", max_length=15)),
                ('figure', models.CharField(blank=True, choices=[('how-prp-is-made', 'How PRP is made'), ('what-an-exosome-is', 'What an exosome is'), ('cells-and-exosomes', 'A cell beside exosomes'), ('stages-of-repair', 'Stages of tissue repair'), ('donor-screening', 'How donors are screened'), ('evidence-ladder', 'From laboratory to guideline'), ('side-by-side', 'Two options side by side'), ('blood-sugar-and-islets', 'Blood sugar and islet cells')], max_length=30)),
                ('figure_caption', models.CharField(blank=True, max_length=200)),
                ('image_alt', models.CharField(blank=True, help_text='For readers who do not see it. It is part of the article and reviewed with it.', max_length=200, verbose_name='what the picture shows')),
                ('image_decorative', models.BooleanField(default=False, help_text='It says nothing that the text does not say: screen readers pass it over.', verbose_name='only decoration')),
                ('comparison', models.ForeignKey(blank=True, help_text='A table drawn after the text, from the findings.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='content.comparison')),
                ('image', models.ForeignKey(blank=True, help_text='An uploaded picture instead of one of our drawings.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='content.image')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='content.revision')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('revision', 'anchor'), name='content_section_anchor_unique_in_revision', violation_error_message='Another section of this article has the same anchor.'), models.CheckConstraint(condition=models.Q(('anchor__iregex', '^(about|choice-error|compare|contents|findings|glance|guides|main|near|often|questions|references|related|status|talk|(ref|cite|notice|group|id)-.*)$'), _negated=True), name='content_section_anchor_not_reserved', violation_error_message='This is an anchor of the page itself; choose another.'), models.CheckConstraint(condition=models.Q(('card', ''), ('card__in', ['doctor', 'urgent', 'emergency', 'standard-care', 'consultation']), _connector='OR'), name='content_section_card_known'), models.CheckConstraint(condition=models.Q(('figure', ''), models.Q(('figure_caption', ''), _negated=True), _connector='OR'), name='content_section_figure_has_caption', violation_error_message='Describe the figure in a caption.'), models.CheckConstraint(condition=models.Q(models.Q(('image', None), ('image_alt', ''), ('image_decorative', False)), models.Q(('image__isnull', False), ('image_alt', ''), ('image_decorative', True)), models.Q(('image__isnull', False), ('image_decorative', False), models.Q(('image_alt', ''), _negated=True)), _connector='OR'), name='content_section_image_described', violation_error_message='Say what the picture shows, or tick that it is only decoration; not both.'), models.CheckConstraint(condition=models.Q(('image', None), ('figure', ''), _connector='OR'), name='content_section_one_figure', violation_error_message='Choose a drawing or a picture, not both.')],
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, validators=[content.anchors.validate], verbose_name='address')),
                ('name', models.CharField(help_text='As it stands in a sentence, such as growth factor.', max_length=60)),
                ('spellings', models.TextField(blank=True, help_text='Plurals, abbreviations and other names, one a line.', verbose_name='other spellings')),
                ('definition', models.CharField(help_text='One or two plain sentences.', max_length=300)),
            ],
            options={
                'verbose_name': 'glossary term',
                'ordering': [django.db.models.functions.text.Lower('name')],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='content_term_name_once', violation_error_message='The glossary has this term already.'), models.CheckConstraint(condition=models.Q(('slug__iregex', '^(about|choice-error|compare|contents|findings|glance|guides|main|near|often|questions|references|related|status|talk|(ref|cite|notice|group|id)-.*)$'), _negated=True), name='content_term_slug_not_reserved', violation_error_message='This is an anchor of the page itself; choose another.')],
            },
        ),
        migrations.CreateModel(
            name='Therapy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('short_name', models.CharField(help_text='For table heads and links, such as PRP.', max_length=30)),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='address')),
                ('summary', models.CharField(help_text="One or two plain sentences; also the page's description.", max_length=200)),
                ('description', content.fields.RichTextField()),
                ('source_kind', models.CharField(choices=[('autologous', 'Your own body (autologous)'), ('allogeneic', 'A donor (allogeneic)'), ('synthetic', 'Manufactured'), ('none', 'No product')], max_length=12, verbose_name='source')),
                ('regulatory_status', models.CharField(choices=[('approved', 'Approved for this use'), ('cleared', 'Device cleared for this use'), ('off_label', 'Cleared device, other use is off-label'), ('investigational', 'Investigational: only in studies'), ('unapproved', 'Not approved by the FDA'), ('not_applicable', 'Established care')], max_length=16)),
                ('regulatory_note', models.CharField(help_text='What the status rests on.', max_length=500)),
                ('standard_care', models.BooleanField(default=False, help_text='The established alternative that every comparison mentions.')),
                ('illustration', models.CharField(blank=True, choices=[('how-prp-is-made', 'How PRP is made'), ('what-an-exosome-is', 'What an exosome is'), ('cells-and-exosomes', 'A cell beside exosomes'), ('stages-of-repair', 'Stages of tissue repair'), ('donor-screening', 'How donors are screened'), ('evidence-ladder', 'From laboratory to guideline'), ('side-by-side', 'Two options side by side'), ('blood-sugar-and-islets', 'Blood sugar and islet cells')], max_length=30)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('regulatory_reference', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.reference')),
            ],
            options={
                'verbose_name_plural': 'therapies',
                'ordering': ['position', 'name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('slug__contains', '-vs-'), _negated=True), name='content_therapy_slug_without_vs', violation_error_message="The slug must not contain -vs-: it separates therapies in a comparison's address."), models.CheckConstraint(condition=models.Q(('regulatory_status__in', ['approved', 'cleared', 'off_label', 'investigational', 'unapproved', 'not_applicable'])), name='content_therapy_regulatory_status_known'), models.CheckConstraint(condition=models.Q(('source_kind__in', ['autologous', 'allogeneic', 'synthetic', 'none'])), name='content_therapy_source_kind_known'), models.UniqueConstraint(condition=models.Q(('standard_care', True)), fields=('standard_care',), name='content_therapy_one_standard_care', violation_error_message='Another therapy already stands for standard care.')],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('therapy', 'Therapy'), ('article', 'Guide'), ('question', 'Question'), ('comparison', 'Comparison'), ('center', 'Center'), ('policy', 'Policy'), ('term', 'Glossary')], max_length=10)),
                ('title', models.TextField()),
                ('text', models.TextField(help_text='What snippets are taken from, without markup.')),
                ('words', models.TextField(help_text='A line for each word: its stem, the word, its weight.')),
                ('center', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.center')),
                ('policy', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.policy')),
                ('question', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.question')),
                ('revision', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.revision')),
                ('term', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.term')),
                ('compared', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.therapy')),
                ('therapy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.therapy')),
            ],
            options={
                'verbose_name_plural': 'search entries',
                'ordering': ['kind', 'title'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('center__isnull', True), ('compared__isnull', True), ('kind', 'article'), ('policy__isnull', True), ('question__isnull', True), ('revision__isnull', False), ('term__isnull', True), ('therapy__isnull', True)), models.Q(('center__isnull', True), ('compared__isnull', True), ('kind', 'therapy'), ('policy__isnull', True), ('question__isnull', True), ('revision__isnull', True), ('term__isnull', True), ('therapy__isnull', False)), models.Q(('center__isnull', True), ('compared__isnull', False), ('kind', 'comparison'), ('policy__isnull', True), ('question__isnull', True), ('revision__isnull', True), ('term__isnull', True), ('therapy__isnull', False)), models.Q(('center__isnull', True), ('compared__isnull', True), ('kind', 'question'), ('policy__isnull', True), ('question__isnull', False), ('revision__isnull', True), ('term__isnull', True), ('therapy__isnull', True)), models.Q(('center__isnull', False), ('compared__isnull', True), ('kind', 'center'), ('policy__isnull', True), ('question__isnull', True), ('revision__isnull', True), ('term__isnull', True), ('therapy__isnull', True)), models.Q(('center__isnull', True), ('compared__isnull', True), ('kind', 'policy'), ('policy__isnull', False), ('question__isnull', True), ('revision__isnull', True), ('term__isnull', True), ('therapy__isnull', True)), models.Q(('center__isnull', True), ('compared__isnull', True), ('kind', 'term'), ('policy__isnull', True), ('question__isnull', True), ('revision__isnull', True), ('term__isnull', False), ('therapy__isnull', True)), _connector='OR'), name='content_searchentry_row_of_its_kind'), models.UniqueConstraint(fields=('therapy', 'compared'), name='content_searchentry_comparison_once'), models.UniqueConstraint(condition=models.Q(('kind', 'therapy')), fields=('therapy',), name='content_searchentry_therapy_once')],
            },
        ),
        migrations.AddField(
            model_name='question',
            name='therapy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to='content.therapy'),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                ('title', models.CharField(max_length=120)),
                ('text', content.fields.RichTextField()),
                ('regions', models.CharField(blank=True, help_text='ISO codes separated by commas, such as US or US-WA, US-UT. Empty: everywhere.', max_length=200, validators=[content.models.notice.validate_regions])),
                ('is_default', models.BooleanField(default=False, help_text='Shown only where a therapy that is not approved has no notice that names the place.', verbose_name='default')),
                ('starts_on', models.DateField(help_text='It appears as this day begins at the place.')),
                ('ends_on', models.DateField(blank=True, help_text='The last day it is shown. Empty: until changed.', null=True)),
                ('basis', models.CharField(help_text='Why it is shown.', max_length=240)),
                ('source', models.URLField(blank=True, max_length=500)),
                ('counsel_confirmed', models.BooleanField(default=False, help_text='Tick it once a lawyer who knows the law of the place has confirmed this wording.', verbose_name='confirmed by counsel')),
                ('therapies', models.ManyToManyField(blank=True, related_name='notices', to='content.therapy')),
            ],
            options={
                'ordering': ['-starts_on', 'title'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='content_notice_ends_after_it_starts', violation_error_message='The last day must not be before the first.')],
            },
        ),
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('article', 'Article'), ('therapy', 'Therapy'), ('center', 'Center'), ('term', 'Glossary term')], max_length=8)),
                ('slug', models.SlugField(max_length=80)),
                ('changed_at', models.DateTimeField(auto_now_add=True)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='content.article')),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='content.center')),
                ('therapy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='content.therapy')),
            ],
            options={
                'verbose_name': 'old address',
                'verbose_name_plural': 'old addresses',
                'ordering': ['-changed_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'slug'), name='content_formerslug_leads_to_one_page'), models.CheckConstraint(condition=models.Q(models.Q(('article__isnull', False), ('center__isnull', True), ('kind', 'article'), ('therapy__isnull', True)), models.Q(('article__isnull', True), ('center__isnull', True), ('kind', 'therapy'), ('therapy__isnull', False)), models.Q(('article__isnull', True), ('center__isnull', False), ('kind', 'center'), ('therapy__isnull', True)), _connector='OR'), name='content_formerslug_of_its_kind')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(max_length=80, validators=[content.models.therapy.says_something])),
                ('note', models.CharField(blank=True, max_length=240)),
                ('tone', models.CharField(choices=[('positive', 'In its favor'), ('neutral', 'Neutral'), ('caution', 'Weigh with care')], default='neutral', max_length=8)),
                ('grade', models.CharField(choices=[('high', 'High certainty'), ('moderate', 'Moderate certainty'), ('low', 'Low certainty'), ('very_low', 'Very low certainty'), ('lab_only', 'Laboratory or animal work only'), ('not_graded', 'Not graded')], default='not_graded', max_length=10, verbose_name='evidence')),
                ('reviewed_on', models.DateField(blank=True, null=True)),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='content.criterion')),
                ('reference', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='content.reference')),
                ('therapy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='content.therapy')),
            ],
            options={
                'ordering': ['criterion__position', 'therapy__position'],
                'constraints': [models.UniqueConstraint(fields=('therapy', 'criterion'), name='content_finding_one_per_cell', violation_error_message='This therapy already has a finding for this criterion.'), models.CheckConstraint(condition=django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length(django.db.models.functions.text.Trim('value')), 0), name='content_finding_value_not_empty', violation_error_message='A finding says something; where nothing is known, write “Not reported”.'), models.CheckConstraint(condition=models.Q(('tone__in', ['positive', 'neutral', 'caution'])), name='content_finding_tone_known'), models.CheckConstraint(condition=models.Q(('grade__in', ['high', 'moderate', 'low', 'very_low', 'lab_only', 'not_graded'])), name='content_finding_grade_known')],
            },
        ),
        migrations.CreateModel(
            name='ComparisonTherapy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('comparison', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='columns', to='content.comparison')),
                ('therapy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.therapy')),
            ],
            options={
                'verbose_name': 'column',
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('comparison', 'therapy'), name='content_comparisontherapy_once_per_table')],
            },
        ),
        migrations.AddField(
            model_name='comparison',
            name='therapies',
            field=models.ManyToManyField(related_name='comparisons', through='content.ComparisonTherapy', to='content.therapy'),
        ),
        migrations.AddField(
            model_name='article',
            name='topic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='content.topic'),
        ),
        migrations.CreateModel(
            name='UnsavedWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(default=1)),
                ('form', models.TextField(help_text="The form's fields, encoded as in an address.")),
                ('kept_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unsaved', to='content.revision')),
            ],
            options={
                'verbose_name_plural': 'unsaved words',
                'constraints': [models.UniqueConstraint(fields=('revision', 'by'), name='content_unsavedwords_once_per_person')],
            },
        ),
        migrations.CreateModel(
            name='AnswerTimes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answers', models.PositiveIntegerField(help_text='How many requests were answered.')),
                ('median_hours', models.PositiveSmallIntegerField()),
                ('p90_hours', models.PositiveSmallIntegerField()),
                ('counted_on', models.DateField(help_text='In UTC.')),
                ('center', models.OneToOneField(help_text='Empty: the whole clinic.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answer_times', to='content.center')),
            ],
            options={
                'verbose_name_plural': 'answer times',
                'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Coalesce(models.F('center'), models.Value(0)), name='content_answertimes_once'), models.CheckConstraint(condition=models.Q(('median_hours__gte', 1), ('p90_hours__gte', models.F('median_hours'))), name='content_answertimes_in_order')],
            },
        ),
        migrations.CreateModel(
            name='ClaimRuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('state', models.JSONField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='content.claimrule')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'constraints': [models.UniqueConstraint(fields=('rule', 'number'), name='content_claimruleversion_number_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='relatedarticle',
            constraint=models.UniqueConstraint(fields=('revision', 'related'), name='content_relatedarticle_once', violation_error_message='This guide is already listed.'),
        ),
        migrations.AddConstraint(
            model_name='articlereference',
            constraint=models.UniqueConstraint(fields=('revision', 'number'), name='content_articlereference_number_unique', violation_error_message='Another reference of this article has the same number.'),
        ),
        migrations.AddConstraint(
            model_name='articlereference',
            constraint=models.UniqueConstraint(fields=('revision', 'reference'), name='content_articlereference_listed_once', violation_error_message='This source is already listed.'),
        ),
    ]
