# The tables as they are: no site runs an earlier version.

import consultations.models.appointment
import consultations.models.code
import consultations.models.fields
import consultations.models.references
import consultations.models.schedule
import content.fields
import content.models.center
import content.tokens
import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
        ('content', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'people',
                'ordering': ['id'],
                'permissions': [('merge_person', 'Can merge people and undo it')],
            },
        ),
        migrations.CreateModel(
            name='AppointmentType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='name in links')),
                ('name', models.CharField(max_length=80)),
                ('channel', models.CharField(choices=[('in_person', 'At a center'), ('phone', 'By phone'), ('video', 'By video')], max_length=10)),
                ('minutes', models.PositiveSmallIntegerField(help_text='How long it takes.', validators=[consultations.models.schedule.validate_on_grid])),
                ('interval_minutes', models.PositiveSmallIntegerField(help_text='A start is offered every so many minutes, from when the hours begin.', validators=[consultations.models.schedule.validate_on_grid])),
                ('buffer_before', models.PositiveSmallIntegerField(default=0, help_text='Minutes kept free before; nothing else may reach into them.', validators=[consultations.models.schedule.validate_on_grid])),
                ('buffer_after', models.PositiveSmallIntegerField(default=0, validators=[consultations.models.schedule.validate_on_grid])),
                ('notice_minutes', models.PositiveIntegerField(default=1440, help_text='Visitors book no later than this before the start.')),
                ('window_days', models.PositiveSmallIntegerField(default=60, help_text='How many days ahead can be booked.')),
                ('daily_cap', models.PositiveSmallIntegerField(blank=True, help_text='Most visits of this kind that one consultant has on one day; empty: no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)])),
                ('cutoff_minutes', models.PositiveIntegerField(default=1440, help_text='Closer to the start than this, visitors call us to move or cancel.')),
                ('needs_confirmation', models.BooleanField(default=False, help_text='The time is theirs once a member of staff confirms it.')),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['in_person', 'phone', 'video'])), name='consultations_appointmenttype_channel_known'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='consultations_appointmenttype_has_name'), models.CheckConstraint(condition=models.Q(('minutes__range', (5, 480)), ('interval_minutes__range', (5, 1440)), ('buffer_after__range', (0, 240)), ('buffer_before__range', (0, 240))), name='consultations_appointmenttype_lengths_plausible', violation_error_message='A visit takes 5 minutes to 8 hours, with at most 4 hours kept free around it.'), models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(models.F('minutes'), '%%', models.Value(5)), 0), name='consultations_appointmenttype_minutes_on_grid', violation_error_message='Lengths must be multiples of 5 minutes.'), models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(models.F('interval_minutes'), '%%', models.Value(5)), 0), name='consultations_appointmenttype_interval_minutes_on_grid', violation_error_message='Lengths must be multiples of 5 minutes.'), models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(models.F('buffer_before'), '%%', models.Value(5)), 0), name='consultations_appointmenttype_buffer_before_on_grid', violation_error_message='Lengths must be multiples of 5 minutes.'), models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(models.F('buffer_after'), '%%', models.Value(5)), 0), name='consultations_appointmenttype_buffer_after_on_grid', violation_error_message='Lengths must be multiples of 5 minutes.'), models.CheckConstraint(condition=models.Q(('window_days__range', (1, 730))), name='consultations_appointmenttype_window_plausible', violation_error_message='Times can be booked between 1 and 730 days ahead.'), models.CheckConstraint(condition=models.Q(('daily_cap__isnull', True), ('daily_cap__gte', 1), _connector='OR'), name='consultations_appointmenttype_daily_cap_positive', violation_error_message='The most visits on one day must be at least 1, or empty for no limit.')],
            },
        ),
        migrations.CreateModel(
            name='CallRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('no_answer', 'No answer'), ('voicemail', 'Voicemail'), ('reached', 'Reached'), ('wrong', 'Wrong number')], max_length=10)),
                ('attempt', models.PositiveSmallIntegerField(default=1, verbose_name='from attempt')),
                ('wait_hours', models.PositiveSmallIntegerField(blank=True, help_text='Business hours until the next step; empty: the next morning, half an hour after opening.', null=True, verbose_name='wait')),
                ('is_answer', models.BooleanField(default=False, help_text='Whether the promised response time stops. Reaching somebody always does.', verbose_name='is our answer')),
            ],
            options={
                'ordering': ['outcome', 'attempt'],
                'constraints': [models.UniqueConstraint(fields=('outcome', 'attempt'), name='consultations_callrule_once'), models.CheckConstraint(condition=models.Q(('outcome__in', ['no_answer', 'voicemail', 'reached', 'wrong'])), name='consultations_callrule_outcome_known'), models.CheckConstraint(condition=models.Q(('attempt__range', (1, 50))), name='consultations_callrule_attempt_plausible', violation_error_message='Count attempts from 1 to 50.'), models.CheckConstraint(condition=models.Q(('wait_hours__isnull', True), ('wait_hours__range', (1, 200)), _connector='OR'), name='consultations_callrule_wait_plausible', violation_error_message='Wait 1 to 200 business hours, or leave it empty for the next morning.'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'reached'), _negated=True), ('is_answer', True), _connector='OR'), name='consultations_callrule_reaching_is_an_answer', violation_error_message='Reaching somebody is always our answer.')],
            },
        ),
        migrations.CreateModel(
            name='CannedReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='What staff choose it by.', max_length=60, unique=True)),
                ('subject', models.CharField(max_length=120)),
                ('body', models.TextField(max_length=8000)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name_plural': 'canned replies',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('subject', ''), _negated=True), models.Q(('body', ''), _negated=True)), name='consultations_cannedreply_has_words')],
            },
        ),
        migrations.CreateModel(
            name='Chore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
                ('mark', models.CharField(blank=True, help_text='Digest of what was found last time.', max_length=64)),
                ('due_at', models.DateTimeField(help_text='Who moves it on has the work until then.')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='consultations_chore_has_name')],
            },
        ),
        migrations.CreateModel(
            name='ConsentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('health', 'Use of health details'), ('calls', 'Calls and text messages'), ('newsletter', 'Newsletter')], max_length=10)),
                ('version', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=600)),
                ('active_from', models.DateTimeField()),
            ],
            options={
                'ordering': ['purpose', '-version'],
                'constraints': [models.UniqueConstraint(fields=('purpose', 'version'), name='consultations_consenttext_version_unique', violation_error_message='This purpose already has a text with that version.'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='consultations_consenttext_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='Consultant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_name', models.CharField(help_text='The first name that visitors are told.', max_length=60)),
                ('time_zone', models.CharField(help_text='Of the hours for phone and video, such as Europe/Paris.', max_length=40, validators=[content.models.center.validate_time_zone])),
                ('active', models.BooleanField(default=True, help_text='Off: no new times are offered; what is booked stays.')),
                ('daily_cap', models.PositiveSmallIntegerField(blank=True, help_text='Most visits on one day; empty: no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)])),
                ('centers', models.ManyToManyField(blank=True, related_name='consultants', to='content.center')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='consultant', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['public_name', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('public_name', ''), _negated=True), name='consultations_consultant_has_name'), models.CheckConstraint(condition=models.Q(('time_zone', ''), _negated=True), name='consultations_consultant_has_time_zone'), models.CheckConstraint(condition=models.Q(('daily_cap__isnull', True), ('daily_cap__gte', 1), _connector='OR'), name='consultations_consultant_daily_cap_positive', violation_error_message='The most visits on one day must be at least 1, or empty for no limit.')],
            },
        ),
        migrations.CreateModel(
            name='ConsultationRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=consultations.models.references.new, editable=False, max_length=12, unique=True)),
                ('key', models.CharField(editable=False, max_length=64, unique=True, verbose_name='idempotency key')),
                ('link_id', models.CharField(default=content.tokens.new_id, editable=False, max_length=32, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, help_text='As the visitor typed it.', max_length=60)),
                ('phone_e164', models.CharField(blank=True, max_length=20, verbose_name='phone, normalised')),
                ('contact_by', models.CharField(choices=[('either', 'Phone or email'), ('phone', 'Phone'), ('email', 'Email')], default='either', max_length=6, verbose_name='contact by')),
                ('best_time', consultations.models.fields.EncryptedTextField(blank=True, verbose_name='best time')),
                ('message', consultations.models.fields.EncryptedTextField(blank=True)),
                ('source', consultations.models.fields.EncryptedTextField(blank=True, help_text='The page and place that led here.')),
                ('status', models.CharField(choices=[('new', 'New'), ('attempted', 'Tried to reach'), ('reached', 'In conversation'), ('booked', 'Appointment booked'), ('won', 'Became a patient'), ('lost', 'Closed'), ('spam', 'Spam')], default='new', max_length=10)),
                ('closed_for', models.CharField(blank=True, choices=[('price', 'Price'), ('distance', 'Too far away'), ('unsuitable', 'Not suitable'), ('unreachable', 'Could not be reached'), ('elsewhere', 'Went elsewhere'), ('mind', 'Changed their mind'), ('other', 'Another reason')], editable=False, max_length=12, verbose_name='closed for')),
                ('claim_until', models.DateTimeField(blank=True, editable=False, help_text='Whoever has it loses it then, unless they try to reach the visitor.', null=True)),
                ('next_step', models.CharField(blank=True, choices=[('answer', 'Answer'), ('call', 'Call'), ('write', 'Write'), ('follow_up', 'Follow up'), ('visitor', 'Wait for the visitor'), ('appointment', 'Appointment')], default='answer', max_length=12)),
                ('next_at', models.DateTimeField(blank=True, help_text='When the next step is due.', null=True)),
                ('received_at', models.DateTimeField()),
                ('respond_by', models.DateTimeField(help_text='When the promised answer is due.')),
                ('clock_from', models.DateTimeField(blank=True, editable=False, help_text='Since when the promised time counts, or from when it goes on; empty: since it was received.', null=True)),
                ('clock_left', models.DurationField(blank=True, editable=False, help_text='How much business time was left then; empty: all of it.', null=True)),
                ('first_contact_at', models.DateTimeField(blank=True, null=True)),
                ('answer_took', models.DurationField(blank=True, editable=False, help_text='Business time until then, as it was measured soon after.', null=True)),
                ('body_digest', models.CharField(blank=True, editable=False, help_text='Keyed, of what the form held.', max_length=64)),
                ('attribution', consultations.models.fields.EncryptedMappingField(blank=True, default=dict, editable=False)),
                ('language', consultations.models.fields.EncryptedTextField(blank=True, help_text="The visitor's language, as the browser names it.")),
                ('language_digest', models.CharField(blank=True, editable=False, max_length=16)),
                ('source_digest', models.CharField(blank=True, editable=False, max_length=16)),
                ('spam_score', models.PositiveSmallIntegerField(default=0)),
                ('spam_reasons', models.CharField(blank=True, max_length=300)),
                ('email_confirmed_at', models.DateTimeField(blank=True, help_text='By a button in a mail to it.', null=True)),
                ('phone_confirmed_at', models.DateTimeField(blank=True, help_text='By staff who spoke with the visitor.', null=True)),
                ('pending_email', models.EmailField(blank=True, help_text='Takes the place of the other once confirmed.', max_length=254, verbose_name='new email')),
                ('contact_version', models.PositiveIntegerField(default=0, editable=False, help_text='Links in mails name it.')),
                ('former_link_id', models.CharField(blank=True, db_index=True, editable=False, max_length=32)),
                ('erasure_asked_at', models.DateTimeField(blank=True, null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('legal_hold', models.BooleanField(default=False, help_text='Kept past its time because the law asks for it.')),
                ('visits_elsewhere', models.BooleanField(db_default=False, default=False, editable=False, help_text='An appointment is, or was, at a center that the request does not name.')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='assigned_requests', to=settings.AUTH_USER_MODEL)),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='content.center')),
                ('therapies', models.ManyToManyField(blank=True, related_name='requests', to='content.therapy')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='consultations.person')),
            ],
            options={
                'verbose_name': 'consultation request',
                'ordering': ['-received_at', '-id'],
                'permissions': [('erase_consultationrequest', 'Can erase consultation request'), ('export_consultationrequest', 'Can export consultation requests'), ('hold_consultationrequest', 'Can put consultation requests on legal hold')],
                'indexes': [models.Index(fields=['-received_at', '-id', 'center', 'visits_elsewhere'], name='consultations_request_newest'), models.Index(fields=['center', '-received_at', '-id'], name='consultations_request_center'), models.Index(fields=['center', 'status', '-received_at', '-id'], name='consultations_request_statuses'), models.Index(condition=models.Q(('visits_elsewhere', True)), fields=['center', 'id'], name='consultations_request_guest'), models.Index(fields=['status', 'respond_by'], name='consultations_request_due'), models.Index(fields=['assignee', 'status'], name='consultations_request_mine'), models.Index(condition=models.Q(('erased_at', None), ('first_contact_at', None), ('status__in', ['attempted', 'new'])), fields=['respond_by', 'id', 'center', 'visits_elsewhere'], name='consultations_request_answer'), models.Index(condition=models.Q(('erased_at', None), ('status__in', ['attempted', 'booked', 'new', 'reached'])), fields=['next_at', 'id', 'status', 'next_step', 'assignee', 'center', 'visits_elsewhere'], name='consultations_request_next'), models.Index(condition=models.Q(('erased_at', None), ('status__in', ['attempted', 'booked', 'new', 'reached'])), fields=['assignee', 'next_at', 'center', 'visits_elsewhere'], name='consultations_request_held'), models.Index(condition=models.Q(('erased_at', None), ('status', 'spam')), fields=['-received_at', '-id', 'center', 'visits_elsewhere'], name='consultations_request_spam'), models.Index(condition=models.Q(('claim_until__isnull', False)), fields=['claim_until'], name='consultations_request_claimed'), models.Index(condition=models.Q(('answer_took', None), ('first_contact_at__isnull', False)), fields=['received_at'], name='consultations_request_measure'), models.Index(condition=models.Q(('erased_at', None)), fields=['language_digest', '-received_at', '-id', 'center', 'visits_elsewhere'], name='consultations_request_language'), models.Index(condition=models.Q(('erased_at', None)), fields=['source_digest', '-received_at', '-id', 'center', 'visits_elsewhere'], name='consultations_request_source'), models.Index(condition=models.Q(('first_contact_at__isnull', False)), fields=['-received_at', '-id', 'first_contact_at', 'center', 'visits_elsewhere'], name='consultations_request_answered'), models.Index(condition=models.Q(('closed_for', ''), _negated=True), fields=['received_at', 'closed_for', 'center', 'visits_elsewhere'], name='consultations_request_closed'), models.Index(fields=['phone_e164'], name='consultations_request_phone'), models.Index(django.db.models.functions.text.Lower('email'), name='consultations_request_email'), models.Index(django.db.models.functions.text.Lower('name'), name='consultations_request_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('email', ''), _negated=True), models.Q(('phone', ''), _negated=True), ('erased_at__isnull', False), _connector='OR'), name='consultations_request_can_be_answered', violation_error_message='Give an email address or a phone number.'), models.CheckConstraint(condition=models.Q(('email_confirmed_at', None), models.Q(('email', ''), _negated=True), _connector='OR'), name='consultations_request_confirmed_email_is_there'), models.CheckConstraint(condition=models.Q(('phone_confirmed_at', None), models.Q(('phone', ''), _negated=True), _connector='OR'), name='consultations_request_confirmed_phone_is_there'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['attempted', 'booked', 'new', 'reached']), _negated=True), ('erased_at__isnull', False), models.Q(models.Q(('next_step', ''), _negated=True), ('next_at__isnull', False)), _connector='OR'), name='consultations_request_live_has_next_step'), models.CheckConstraint(condition=models.Q(('next_step__in', ['', 'answer', 'call', 'write', 'follow_up', 'visitor', 'appointment'])), name='consultations_request_next_step_known'), models.CheckConstraint(condition=models.Q(('closed_for', ''), models.Q(('closed_for__in', ['price', 'distance', 'unsuitable', 'unreachable', 'elsewhere', 'mind', 'other']), ('status', 'lost')), _connector='OR'), name='consultations_request_closed_for_known'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='consultations_request_has_name'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='consultations_request_has_key'), models.CheckConstraint(condition=models.Q(('status__in', ['new', 'attempted', 'reached', 'booked', 'won', 'lost', 'spam'])), name='consultations_request_status_known'), models.CheckConstraint(condition=models.Q(('contact_by__in', ['either', 'phone', 'email'])), name='consultations_request_contact_by_known')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='consultations.consenttext')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='consultations.consultationrequest')),
            ],
            options={
                'ordering': ['given_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('request', 'text'), name='consultations_consent_once_per_text'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='consultations_consent_withdrawn_after_given')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('in_person', 'At a center'), ('phone', 'By phone'), ('video', 'By video')], max_length=10)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('busy_from', models.DateTimeField(help_text='The start with what is kept free before it.')),
                ('busy_until', models.DateTimeField(help_text='The end with what is kept free after it.')),
                ('cutoff_minutes', models.PositiveIntegerField(help_text='Closer to the start than this, the visitor calls us to move or cancel: as it was when they were told.')),
                ('status', models.CharField(choices=[('held', 'Held for a while'), ('unconfirmed', 'Waiting for the visitor to confirm'), ('pending', 'Waiting for our confirmation'), ('confirmed', 'Confirmed'), ('cancelled', 'Cancelled'), ('moved', 'Moved to another time'), ('attended', 'Attended'), ('no_show', 'Did not come'), ('lapsed', 'Not confirmed in time')], max_length=12)),
                ('hold_expires_at', models.DateTimeField(blank=True, null=True)),
                ('uid', models.CharField(default=consultations.models.appointment.new_uid, editable=False, max_length=32)),
                ('sequence', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('cancel_reason', consultations.models.fields.EncryptedTextField(blank=True)),
                ('overridden', models.BooleanField(default=False)),
                ('override_reason', consultations.models.fields.EncryptedTextField(blank=True, help_text='Why the rules were set aside.')),
                ('assignment_reason', models.CharField(blank=True, help_text='Why this consultant.', max_length=300)),
                ('visitor_zone', models.CharField(blank=True, help_text='The time zone the visitor saw.', max_length=40)),
                ('elsewhere', models.BooleanField(db_default=False, default=False, editable=False, help_text='At a center that the request does not name, or did not at one time.')),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('booked_by', models.ForeignKey(blank=True, help_text='Empty: the visitor.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='content.center')),
                ('moved_from', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='moved_to', to='consultations.appointment')),
                ('appointment_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='consultations.appointmenttype')),
                ('consultant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='consultations.consultant')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appointments', to='consultations.consultationrequest')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'indexes': [models.Index(fields=['starts_at', 'id'], name='consultations_appt_starts'), models.Index(fields=['starts_at', 'status', 'center', 'ends_at', 'request'], name='consultations_appt_numbers'), models.Index(fields=['center', 'starts_at', 'id', 'status', 'ends_at', 'request'], name='consultations_appt_center'), models.Index(fields=['status', 'starts_at', 'id'], name='consultations_appt_status'), models.Index(condition=models.Q(('elsewhere', True)), fields=['center', 'request', 'status'], name='consultations_appt_elsewhere'), models.Index(fields=['busy_from'], name='consultations_appt_busy'), models.Index(fields=['consultant', 'busy_from'], name='consultations_appt_diary'), models.Index(condition=models.Q(('status__in', ['held', 'unconfirmed'])), fields=['hold_expires_at'], name='consultations_appt_holds')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['held', 'unconfirmed', 'pending', 'confirmed', 'cancelled', 'moved', 'attended', 'no_show', 'lapsed'])), name='consultations_appointment_status_known'), models.CheckConstraint(condition=models.Q(('channel__in', ['in_person', 'phone', 'video'])), name='consultations_appointment_channel_known'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='consultations_appointment_ends_after_it_starts', violation_error_message='An appointment must end later than it starts.'), models.CheckConstraint(condition=models.Q(('busy_from__lte', models.F('starts_at')), ('busy_until__gte', models.F('ends_at'))), name='consultations_appointment_busy_covers_visit', violation_error_message='What is kept free must cover the visit itself.'), models.CheckConstraint(condition=models.Q(models.Q(('center__isnull', False), ('channel', 'in_person')), models.Q(models.Q(('channel', 'in_person'), _negated=True), ('center__isnull', True)), _connector='OR'), name='consultations_appointment_place_fits_channel', violation_error_message='A visit is at a center; a call by phone or video is not.'), models.CheckConstraint(condition=models.Q(models.Q(('hold_expires_at__isnull', False), ('status__in', ['held', 'unconfirmed'])), models.Q(models.Q(('status__in', ['held', 'unconfirmed']), _negated=True), ('hold_expires_at__isnull', True)), _connector='OR'), name='consultations_appointment_only_holds_expire', violation_error_message='A held or unconfirmed time ends by itself; a booked one does not.'), models.CheckConstraint(condition=models.Q(('overridden', False), models.Q(django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length('override_reason'), 0), ('booked_by__isnull', False)), _connector='OR'), name='consultations_appointment_override_explained', violation_error_message='Say who set the rules aside, and why.'), models.UniqueConstraint(condition=models.Q(('status__in', ['confirmed', 'pending', 'unconfirmed'])), fields=('request',), name='consultations_appointment_one_active_per_request', violation_error_message='This request already has an appointment.'), models.UniqueConstraint(condition=models.Q(('status', 'held')), fields=('request',), name='consultations_appointment_one_hold_per_request', violation_error_message='This request already holds a time.'), models.UniqueConstraint(fields=('uid', 'sequence'), name='consultations_appointment_sequence_once', violation_error_message='A calendar entry has each sequence number once.')],
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'Request received'), ('status', 'Status changed'), ('assigned', 'Assigned'), ('note', 'Internal note'), ('call', 'Call'), ('next', 'Next step'), ('deadline', 'Answer due at another time'), ('overdue', 'Answer overdue'), ('message', 'Message'), ('again', 'Asked again'), ('visitor', 'Note by the visitor'), ('contact', 'Contact details corrected'), ('proved', 'Contact confirmed'), ('consent', 'Consent withdrawn'), ('erasure', 'Erasure'), ('held', 'Time held'), ('released', 'Held time released'), ('lapsed', 'Not confirmed in time'), ('booked', 'Appointment booked'), ('confirmed', 'Appointment confirmed'), ('declined', 'Appointment declined'), ('moved', 'Appointment moved'), ('cancelled', 'Appointment cancelled'), ('outcome', 'Outcome of the appointment'), ('waiting', 'Waiting list'), ('merged', 'People merged'), ('split', 'Merge undone'), ('legal_hold', 'Legal hold')], max_length=10)),
                ('at', models.DateTimeField()),
                ('from_status', models.CharField(blank=True, choices=[('new', 'New'), ('attempted', 'Tried to reach'), ('reached', 'In conversation'), ('booked', 'Appointment booked'), ('won', 'Became a patient'), ('lost', 'Closed'), ('spam', 'Spam')], max_length=10)),
                ('to_status', models.CharField(blank=True, choices=[('new', 'New'), ('attempted', 'Tried to reach'), ('reached', 'In conversation'), ('booked', 'Appointment booked'), ('won', 'Became a patient'), ('lost', 'Closed'), ('spam', 'Spam')], max_length=10)),
                ('outcome', models.CharField(blank=True, choices=[('no_answer', 'No answer'), ('voicemail', 'Voicemail'), ('reached', 'Reached'), ('wrong', 'Wrong number')], help_text='What came of a call.', max_length=10)),
                ('text', consultations.models.fields.EncryptedTextField(blank=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activities', to='consultations.consultationrequest')),
            ],
            options={
                'verbose_name_plural': 'activities',
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'status'), _negated=True), models.Q(models.Q(('from_status', ''), _negated=True), models.Q(('to_status', ''), _negated=True), models.Q(('from_status', models.F('to_status')), _negated=True)), _connector='OR'), name='consultations_activity_status_change_complete'), models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', False), ('kind', 'call'), ('outcome__in', ['no_answer', 'voicemail', 'reached', 'wrong'])), models.Q(models.Q(('kind', 'call'), _negated=True), ('outcome', '')), _connector='OR'), name='consultations_activity_call_has_outcome'), models.CheckConstraint(condition=models.Q(('kind__in', ['received', 'status', 'assigned', 'note', 'call', 'next', 'deadline', 'overdue', 'message', 'again', 'visitor', 'contact', 'proved', 'consent', 'erasure', 'held', 'released', 'lapsed', 'booked', 'confirmed', 'declined', 'moved', 'cancelled', 'outcome', 'waiting', 'merged', 'split', 'legal_hold'])), name='consultations_activity_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'note'), _negated=True), ('by__isnull', False), _connector='OR'), name='consultations_activity_note_has_author')],
            },
        ),
        migrations.CreateModel(
            name='AccessEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('detail', 'Request'), ('proof', 'Proof of what was shown'), ('export', 'Proof as a file'), ('person', 'Page of the person'), ('file', 'File of the person'), ('list', 'Row of a list that was exported')], max_length=6)),
                ('at', models.DateTimeField()),
                ('hour', models.DateTimeField(editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access_entries', to='consultations.consultationrequest')),
            ],
            options={
                'verbose_name_plural': 'access entries',
                'ordering': ['-at', '-id'],
                'constraints': [models.UniqueConstraint(fields=('request', 'by', 'what', 'hour'), name='consultations_accessentry_once_an_hour'), models.CheckConstraint(condition=models.Q(('what__in', ['detail', 'proof', 'export', 'person', 'file', 'list'])), name='consultations_accessentry_what_known'), models.CheckConstraint(condition=models.Q(('at__gte', models.F('hour'))), name='consultations_accessentry_not_before_its_hour')],
            },
        ),
        migrations.CreateModel(
            name='ContactCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(default=consultations.models.code.new_mark, editable=False, max_length=32)),
                ('wanted', consultations.models.fields.EncryptedTextField(blank=True, help_text='The change that waits for it; empty: to be erased.')),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='consultations.consultationrequest')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('tries__lte', 5)), name='consultations_contactcode_tries_limited'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='consultations_contactcode_lasts')],
            },
        ),
        migrations.CreateModel(
            name='DateException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField()),
                ('closed', models.BooleanField(default=False)),
                ('starts', models.TimeField(blank=True, null=True)),
                ('ends', content.fields.EndTimeField(blank=True, help_text='Write 24:00 for midnight; an earlier time than that of the start is on the next day.', null=True)),
                ('center', models.ForeignKey(blank=True, help_text='Empty: by phone and video.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.center')),
                ('consultant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='date_exceptions', to='consultations.consultant')),
            ],
            options={
                'ordering': ['date', 'starts', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed', True), ('ends__isnull', True), ('starts__isnull', True)), models.Q(('closed', False), ('ends__isnull', False), ('starts__isnull', False), models.Q(('ends__gt', models.F('starts')), ('ends', datetime.time(0, 0)), django.db.models.lookups.LessThanOrEqual(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.ExtractHour('ends'), '*', models.Value(60)), '+', django.db.models.functions.datetime.ExtractMinute('ends')), '+', models.Value(1440)), '-', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.ExtractHour('starts'), '*', models.Value(60)), '+', django.db.models.functions.datetime.ExtractMinute('starts'))), 720), _connector='OR')), _connector='OR'), name='consultations_dateexception_closed_or_hours', violation_error_message='Either tick closed, or give hours. Hours end later than they start, or past midnight after at most 12 hours; midnight is 24:00.'), models.CheckConstraint(condition=models.Q(models.Q(('starts__isnull', True), models.Q(('starts__minute__in', range(0, 60, 5)), ('starts__second', 0)), _connector='OR'), models.Q(('ends__isnull', True), models.Q(('ends__minute__in', range(0, 60, 5)), ('ends__second', 0)), _connector='OR')), name='consultations_dateexception_on_grid', violation_error_message='Hours start and end on multiples of 5 minutes.')],
            },
        ),
        migrations.CreateModel(
            name='DayCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(help_text='The first one.')),
                ('span', models.CharField(choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year')], default='day', max_length=5)),
                ('everywhere', models.BooleanField(default=False, help_text='Of all places together.')),
                ('requests', models.PositiveIntegerField()),
                ('counts', consultations.models.fields.EncryptedTextField(help_text='See reports/counting.py.')),
                ('seen', models.BigIntegerField(help_text='The latest line of history that was known when it was counted.')),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.center')),
            ],
            options={
                'ordering': ['-day', 'id'],
                'indexes': [models.Index(fields=['seen'], name='consultations_daycount_seen')],
                'constraints': [models.UniqueConstraint(fields=('day', 'span', 'center'), name='consultations_daycount_center_once'), models.UniqueConstraint(condition=models.Q(('center', None)), fields=('day', 'span', 'everywhere'), name='consultations_daycount_others_once'), models.CheckConstraint(condition=models.Q(('everywhere', False), ('center', None), _connector='OR'), name='consultations_daycount_everywhere_is_no_center')],
            },
        ),
        migrations.CreateModel(
            name='EscalationMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='In UTC. Not before.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('given_up_at', models.DateTimeField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('overdue', 'An answer is overdue'), ('daily', 'What the working day begins with')], max_length=8)),
                ('deadline', models.DateTimeField(blank=True, help_text='Of the answer that is overdue.', null=True)),
                ('day', models.DateField(blank=True, help_text="The working day, on the center's clock.", null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.center')),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='escalation_mails', to='consultations.consultationrequest')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('given_up_at', None), ('sent_at', None)), fields=['due_at'], name='consultations_escalation_due')],
                'constraints': [models.UniqueConstraint(fields=('request', 'deadline', 'account'), name='consultations_escalationmail_once_per_deadline'), models.UniqueConstraint(django.db.models.functions.comparison.Coalesce(models.F('center'), models.Value(0)), models.F('day'), models.F('account'), condition=models.Q(('day__isnull', False)), name='consultations_escalationmail_once_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('center', None), ('day', None), ('deadline__isnull', False), ('kind', 'overdue'), ('request__isnull', False)), models.Q(('day__isnull', False), ('deadline', None), ('kind', 'daily'), ('request', None)), _connector='OR'), name='consultations_escalationmail_of_request_or_day')],
            },
        ),
        migrations.CreateModel(
            name='EscalationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tell_overdue', models.BooleanField(default=True, verbose_name='tell of each overdue answer')),
                ('tell_daily', models.BooleanField(default=True, verbose_name='tell at the start of the working day what waits')),
                ('center', models.OneToOneField(blank=True, help_text='Empty: requests without a center.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='escalation_rule', to='content.center')),
                ('recipients', models.ManyToManyField(blank=True, help_text='Empty, or where none of these may see the center any more: all its managers.', related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'rule for who is told',
                'verbose_name_plural': 'rules for who is told',
                'ordering': ['center__name', 'id'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Coalesce(models.F('center'), models.Value(0)), name='consultations_escalationrule_once', violation_error_message='There is a rule for this center.')],
            },
        ),
        migrations.CreateModel(
            name='ExportEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('format', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'Excel (XLSX)'), ('json', 'JSON'), ('html', 'HTML')], max_length=4)),
                ('rows', models.PositiveIntegerField()),
                ('filters', models.CharField(blank=True, help_text='What the list was narrowed to; no names.', max_length=300)),
                ('reason', consultations.models.fields.EncryptedTextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'export',
                'ordering': ['-at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('format__in', ['csv', 'xlsx', 'json', 'html'])), name='consultations_exportentry_format_known')],
            },
        ),
        migrations.CreateModel(
            name='KnownPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(help_text='Keyed digest of the network, or of what the browser is known by.', max_length=64)),
                ('used_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='known_places', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['place'], name='consultations_knownplace_place')],
                'constraints': [models.UniqueConstraint(fields=('user', 'place'), name='consultations_knownplace_once')],
            },
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('consultant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leaves', to='consultations.consultant')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='consultations_leave_ends_after_it_starts', violation_error_message='The leave must end later than it starts.')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('visitor_received', 'Confirmation to the visitor'), ('staff_new', 'Notice to staff'), ('visitor_booked', 'Appointment confirmed'), ('visitor_pending', 'Appointment to be confirmed'), ('visitor_moved', 'Appointment moved'), ('visitor_cancelled', 'Appointment cancelled'), ('visitor_declined', 'Appointment declined'), ('visitor_existing', 'Link to the appointment there is'), ('reminder_day', 'Reminder a day before'), ('reminder_hours', 'Reminder two hours before'), ('staff_appointment', 'Notice to staff of an appointment'), ('staff_assigned', 'Word to staff of who has a request'), ('visitor_reply', 'Mail written by staff'), ('visitor_offer', 'Offer of a time that became free'), ('visitor_confirm', 'Question whether the address is right'), ('visitor_link', 'New private link'), ('visitor_code', 'Code for a change'), ('visitor_address', 'Word of a new address to the old one')], max_length=20)),
                ('sequence', models.PositiveSmallIntegerField(blank=True, help_text='Which change of the appointment: its sequence at that time.', null=True)),
                ('recipient', models.EmailField(blank=True, help_text='Empty once the request was erased.', max_length=254)),
                ('state', models.CharField(choices=[('queued', 'Waiting to be sent'), ('sending', 'Being sent'), ('sent', 'Sent'), ('dead', 'Given up'), ('dropped', 'No longer needed')], default='queued', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(blank=True, help_text='Until then the worker that took it may report back.', null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('appointment', models.ForeignKey(blank=True, help_text='Which it tells of, if any.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='consultations.appointment')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='consultations.consultationrequest')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['due_at'], name='consultations_message_due'), models.Index(condition=models.Q(('state', 'dead'), models.Q(('state__in', ['queued', 'sending']), models.Q(('last_error', ''), _negated=True)), _connector='OR'), fields=['request'], name='consultations_message_troubled')],
                'constraints': [models.UniqueConstraint(condition=models.Q(models.Q(('recipient', ''), _negated=True), ('appointment', None), models.Q(('kind__in', ['staff_assigned', 'visitor_code', 'visitor_confirm', 'visitor_link', 'visitor_reply']), _negated=True)), fields=('request', 'kind', 'recipient'), name='consultations_message_once'), models.UniqueConstraint(condition=models.Q(models.Q(('recipient', ''), _negated=True), models.Q(('state', 'dropped'), _negated=True)), fields=('appointment', 'sequence', 'kind', 'recipient'), name='consultations_message_once_per_change'), models.CheckConstraint(condition=models.Q(models.Q(('appointment', None), ('sequence', None)), models.Q(('appointment__isnull', False), ('sequence__isnull', False)), _connector='OR'), name='consultations_message_change_numbered'), models.CheckConstraint(condition=models.Q(('kind__in', ['visitor_received', 'staff_new', 'visitor_booked', 'visitor_pending', 'visitor_moved', 'visitor_cancelled', 'visitor_declined', 'visitor_existing', 'reminder_day', 'reminder_hours', 'staff_appointment', 'staff_assigned', 'visitor_reply', 'visitor_offer', 'visitor_confirm', 'visitor_link', 'visitor_code', 'visitor_address'])), name='consultations_message_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('recipient', ''), _negated=True), ('state__in', ['sent', 'dead', 'dropped']), _connector='OR'), name='consultations_message_waiting_has_recipient'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'dead', 'dropped'])), name='consultations_message_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), ('leased_until__isnull', False), _connector='OR'), name='consultations_message_sending_has_lease'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='consultations_message_sent_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='consultations.person')),
            ],
            options={
                'verbose_name_plural': 'identities',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('digest', ''), _negated=True), name='consultations_identity_digest_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='PersonMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', consultations.models.fields.EncryptedTextField(blank=True)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('final_at', models.DateTimeField(blank=True, help_text='When one of them was erased.', null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('identities', models.ManyToManyField(editable=False, related_name='+', to='consultations.identity')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='consultations.person')),
                ('merged', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged_by', to='consultations.person')),
                ('requests', models.ManyToManyField(editable=False, related_name='+', to='consultations.consultationrequest')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'merge of people',
                'verbose_name_plural': 'merges of people',
                'ordering': ['-at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kept', models.F('merged')), _negated=True), name='consultations_personmerge_two_people'), models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('merged',), name='consultations_personmerge_merged_once'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__gte', models.F('at')), ('undone_by__isnull', False)), _connector='OR'), name='consultations_personmerge_undone_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='PlaceRight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('center', 'One center'), ('all', 'All centers'), ('pool', 'Requests without a center')], max_length=10, verbose_name='place')),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.center')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='place_rights', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'right to a place',
                'verbose_name_plural': 'rights to places',
                'ordering': ['user__username', 'scope', 'center__name', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('scope__in', ['center', 'all', 'pool'])), name='consultations_placeright_scope_known'), models.CheckConstraint(condition=models.Q(models.Q(('center__isnull', False), ('scope', 'center')), models.Q(models.Q(('scope', 'center'), _negated=True), ('center__isnull', True)), _connector='OR'), name='consultations_placeright_names_a_center_or_a_scope'), models.UniqueConstraint(fields=('user', 'center'), name='consultations_placeright_center_once'), models.UniqueConstraint(condition=models.Q(('scope', 'center'), _negated=True), fields=('user', 'scope'), name='consultations_placeright_scope_once')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='consultations.consultationrequest')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['seen_at'], name='consultations_presence_seen')],
                'constraints': [models.UniqueConstraint(fields=('request', 'user'), name='consultations_presence_once')],
            },
        ),
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bucket', models.CharField(help_text='What is counted, with a keyed digest of the address or network.', max_length=80)),
                ('window_start', models.DateTimeField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['window_start'], name='consultations_rate_window')],
                'constraints': [models.UniqueConstraint(fields=('bucket', 'window_start'), name='consultations_ratecount_once_per_window')],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', consultations.models.fields.EncryptedTextField()),
                ('body', consultations.models.fields.EncryptedTextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reply', to='consultations.message')),
            ],
            options={
                'verbose_name_plural': 'replies',
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('new', 'New'), ('attempted', 'Tried to reach'), ('reached', 'In conversation'), ('booked', 'Appointment booked'), ('won', 'Became a patient'), ('lost', 'Closed'), ('spam', 'Spam')], editable=False, max_length=10, unique=True)),
                ('days', models.PositiveSmallIntegerField(blank=True, help_text='Counted from the last thing that happened to a request. Empty: kept until it is closed.', null=True, verbose_name='days')),
            ],
            options={
                'verbose_name': 'time that requests are kept',
                'verbose_name_plural': 'times that requests are kept',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['new', 'attempted', 'reached', 'booked', 'won', 'lost', 'spam'])), name='consultations_retentionrule_status_known'), models.CheckConstraint(condition=models.Q(('days__isnull', True), ('days__range', (7, 3660)), _connector='OR'), name='consultations_retentionrule_days_plausible', violation_error_message='Keep requests 7 to 3660 days, or leave it empty.')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(editable=False, help_text='The filters as they stand in the address.', max_length=500)),
                ('shared', models.BooleanField(default=False, help_text='Colleagues at the same centers see it too.')),
                ('owner', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='consultations_savedview_name_once', violation_error_message='You have a view of this name.'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='consultations_savedview_has_name')],
            },
        ),
        migrations.CreateModel(
            name='SecondFactorReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(editable=False)),
                ('confirmed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('asked_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('whose', models.ForeignKey(help_text='Who lost the device.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'lost second factor',
                'verbose_name_plural': 'lost second factors',
                'ordering': ['-asked_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('asked_by', models.F('whose')), _negated=True), name='consultations_reset_not_asked_by_oneself'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(models.Q(('confirmed_by', models.F('whose')), _negated=True), models.Q(('confirmed_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='consultations_reset_by_two_others'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='consultations_reset_confirmed_whole')],
            },
        ),
        migrations.CreateModel(
            name='ShownText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('form', 'Form'), ('consent', 'Consent text'), ('notice', 'Notice'), ('article', 'Article')], max_length=8)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('first_shown_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['kind', 'title', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['form', 'consent', 'notice', 'article'])), name='consultations_showntext_kind_known'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='consultations_showntext_not_empty')],
            },
        ),
        migrations.AddField(
            model_name='consultationrequest',
            name='shown',
            field=models.ManyToManyField(blank=True, editable=False, related_name='requests', to='consultations.showntext'),
        ),
        migrations.CreateModel(
            name='TimeCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cell', models.PositiveIntegerField(help_text='Five-minute steps since the beginning of 1970, UTC.')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='time_cells', to='consultations.appointment')),
                ('consultant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consultations.consultant')),
            ],
            options={
                'ordering': ['consultant', 'cell'],
                'constraints': [models.UniqueConstraint(fields=('consultant', 'cell'), name='consultations_timecell_taken_once', violation_error_message='This time is already taken.')],
            },
        ),
        migrations.CreateModel(
            name='WaitingEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField(help_text='Only a start before this helps.')),
                ('joined_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('appointment_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consultations.appointmenttype')),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.center')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waiting_entries', to='consultations.consultationrequest')),
            ],
            options={
                'verbose_name_plural': 'waiting list',
                'ordering': ['joined_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('request',), name='consultations_waitingentry_one_per_request', violation_error_message='This request is on the waiting list already.'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('joined_at'))), name='consultations_waitingentry_until_later', violation_error_message='The day must be still to come.'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('joined_at')), _connector='OR'), name='consultations_waitingentry_ends_after_joining')],
            },
        ),
        migrations.CreateModel(
            name='WaitingOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('offered_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='consultations.waitingentry')),
                ('freed', models.ForeignKey(help_text='What was given up.', on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consultations.appointment')),
            ],
            options={
                'ordering': ['offered_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('entry', 'freed'), name='consultations_waitingoffer_once'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('offered_at'))), name='consultations_waitingoffer_lasts')],
            },
        ),
        migrations.CreateModel(
            name='WorkingPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')])),
                ('starts', models.TimeField()),
                ('ends', content.fields.EndTimeField(help_text='Write 24:00 for midnight; an earlier time than that of the start is on the next day.')),
                ('valid_from', models.DateField(blank=True, help_text='First day; empty: from ever.', null=True)),
                ('valid_until', models.DateField(blank=True, help_text='Last day; empty: for ever.', null=True)),
                ('center', models.ForeignKey(blank=True, help_text='Empty: by phone and video.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.center')),
                ('consultant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='working_periods', to='consultations.consultant')),
            ],
            options={
                'ordering': ['weekday', 'starts', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts')), ('ends', datetime.time(0, 0)), django.db.models.lookups.LessThanOrEqual(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.ExtractHour('ends'), '*', models.Value(60)), '+', django.db.models.functions.datetime.ExtractMinute('ends')), '+', models.Value(1440)), '-', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.ExtractHour('starts'), '*', models.Value(60)), '+', django.db.models.functions.datetime.ExtractMinute('starts'))), 720), _connector='OR'), name='consultations_workingperiod_ends_after_it_starts', violation_error_message='Hours end later than they start, or past midnight after at most 12 hours; midnight is 24:00.'), models.CheckConstraint(condition=models.Q(models.Q(('starts__isnull', True), models.Q(('starts__minute__in', range(0, 60, 5)), ('starts__second', 0)), _connector='OR'), models.Q(('ends__isnull', True), models.Q(('ends__minute__in', range(0, 60, 5)), ('ends__second', 0)), _connector='OR')), name='consultations_workingperiod_on_grid', violation_error_message='Hours start and end on multiples of 5 minutes.'), models.CheckConstraint(condition=models.Q(('weekday__range', (0, 6))), name='consultations_workingperiod_weekday_known'), models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='consultations_workingperiod_valid_in_order', violation_error_message='The last day must not be before the first.')],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('name', models.CharField(help_text='Such as “Thanksgiving”.', max_length=80)),
                ('center', models.ForeignKey(blank=True, help_text='Empty: everywhere.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='closures', to='content.center')),
            ],
            options={
                'ordering': ['first_day', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='consultations_closure_days_in_order', violation_error_message='The last day must not be before the first.'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='consultations_closure_has_name')],
            },
        ),
    ]
