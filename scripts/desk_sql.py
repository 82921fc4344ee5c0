"""The statements by which scripts/desk_rows.py writes a desk's rows. `n` is the number of a request, `i` how many came after it.

`dice(n, salt, sides)` throws the same for the same request. Pools are tables of what rows choose from; see desk_rows.py.
"""

from __future__ import annotations

from dataclasses import dataclass

DICE = """
CREATE FUNCTION pg_temp.dice(n bigint, salt bigint, sides bigint) RETURNS int LANGUAGE sql IMMUTABLE
    RETURN mod(hashint8extended(n, salt) & 4611686018427387903, sides)::int;
CREATE FUNCTION pg_temp.skewed(n bigint, salt bigint, sides bigint) RETURNS int LANGUAGE sql IMMUTABLE
    RETURN floor(sides * (pg_temp.dice(n, salt, 10000) / 10000.0) ^ 2)::int;
CREATE FUNCTION pg_temp.digit(v bigint, place int) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((v >> (5 * place)) & 31)::int + 1, 1);
CREATE FUNCTION pg_temp.who(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN mod(n, 7) = 0 AND n > 70 THEN n - 7 * (1 + pg_temp.dice(n, 4, least(n / 7 - 2, 20000))) - 1 ELSE n END;
"""
# How long ago each came in: the open ones in three weeks, the others in the three years before.
RECEIVED = """%(now)s::timestamptz - CASE WHEN i < %(open)s THEN interval '21 days' * (i::float8 / %(open)s)
    ELSE interval '21 days' + interval '1074 days' * ((i - %(open)s)::float8 / greatest(%(number)s - %(open)s, 1)) END"""

PERSON = f"""
INSERT INTO consultations_person (id, created_at)
SELECT n, {RECEIVED} FROM generate_series(%(low)s::bigint + 1, %(high)s) n, LATERAL (SELECT %(number)s - n AS i) a WHERE pg_temp.who(n) = n
"""  # noqa: S608

REQUEST = f"""
INSERT INTO consultations_consultationrequest (id, reference, key, link_id, former_link_id, contact_by, legal_hold, spam_score,
    spam_reasons, pending_email, contact_version, attribution, body_digest, person_id, name, email, phone, phone_e164,
    center_id, status, assignee_id, received_at, respond_by, first_contact_at, next_step, next_at, erased_at,
    email_confirmed_at, phone_confirmed_at, message, best_time, source, language, closed_for,
    source_digest, language_digest)
SELECT n, 'R-' || pg_temp.digit(v, 0) || pg_temp.digit(v, 1) || pg_temp.digit(v, 2) || pg_temp.digit(v, 3)
    || '-' || pg_temp.digit(v, 4) || pg_temp.digit(v, 5) || pg_temp.digit(v, 6) || pg_temp.digit(v, 7),
    'bench-' || n, md5('link' || n), '', 'either', false, 0, '', '', 0, '', md5(n::text) || md5('body' || n),
    CASE WHEN NOT gone THEN who END, CASE WHEN gone THEN 'Erased' ELSE first || ' ' || last END,
    email, phone, e164, center.value, status, staff.value, received, respond_by, first_contact,
    CASE WHEN status = 'new' THEN 'answer' WHEN status = 'attempted' OR status = 'reached' AND w = 6 THEN 'call'
        WHEN status = 'booked' THEN 'appointment' WHEN status <> 'reached' THEN ''
        WHEN mod(i, 40) = 29 THEN 'follow_up' ELSE 'visitor' END,
    CASE WHEN status = 'new' THEN respond_by WHEN status = 'attempted' OR status = 'reached' AND w = 6
        THEN %(now)s::timestamptz - interval '1 minute' * pg_temp.dice(n, 30, 180)
        WHEN status IN ('booked', 'reached') THEN %(now)s::timestamptz + interval '1 hour' * (24 + pg_temp.dice(n, 31, 90)) END,
    CASE WHEN gone THEN received + interval '92 days' END,
    CASE WHEN email <> '' AND pg_temp.dice(n, 32, 100) < 85 THEN received + interval '10 minutes' END,
    CASE WHEN phone <> '' THEN first_contact END,
    CASE WHEN gone OR pg_temp.dice(n, 33, 100) > 60 THEN '' ELSE words.value END,
    CASE WHEN gone OR pg_temp.dice(n, 34, 100) > 30 THEN '' ELSE words.value END,
    CASE WHEN gone OR pg_temp.dice(n, 35, 100) > 80 THEN '' ELSE source.value END,
    CASE WHEN gone THEN '' ELSE language.value END,
    CASE WHEN status = 'lost' THEN (ARRAY['price', 'distance', 'unreachable', 'other'])[pg_temp.dice(n, 36, 4) + 1] ELSE '' END,
    CASE WHEN gone OR pg_temp.dice(n, 35, 100) > 80 THEN '' ELSE source_digest.value END,
    CASE WHEN gone THEN '' ELSE language_digest.value END
FROM generate_series(%(low)s::bigint + 1, %(high)s) n
CROSS JOIN LATERAL (SELECT %(number)s - n AS i, pg_temp.who(n) AS who, n * 548951489 + 12345 AS v OFFSET 0) a
CROSS JOIN LATERAL (SELECT mod(i, 20) AS w, i < %(open)s AS recent, {RECEIVED} AS received, pg_temp.dice(n, 1, 100) AS luck,
    i / 20 * 6 + mod(i, 20) AS k, %(open)s * 6 / 20 AS waiting, greatest(60, %(open)s * 6 / 200) AS late OFFSET 0) b
CROSS JOIN LATERAL (SELECT CASE WHEN recent AND w < 4 THEN 'new' WHEN recent AND w < 6 THEN 'attempted'
    WHEN recent AND w < 10 THEN 'reached' WHEN recent AND w < 13 THEN 'booked' WHEN recent AND w < 16 OR NOT recent AND luck < 8 THEN 'spam'
    WHEN mod(luck, 4) = 0 THEN 'won' ELSE 'lost' END AS status OFFSET 0) c
CROSS JOIN LATERAL (SELECT NOT recent AND received < %(now)s::timestamptz - CASE status WHEN 'spam' THEN interval '91 days'
    ELSE interval '730 days' END AS gone,
    CASE WHEN status NOT IN ('new', 'attempted') THEN received + interval '1 day'
        WHEN k >= waiting - late THEN %(now)s::timestamptz - interval '7 minutes' * (k - waiting + late + 1)
        WHEN k >= waiting - 2 * late THEN %(now)s::timestamptz + interval '100 minutes' + interval '1 second' * mod(k, 1000)
        ELSE %(now)s::timestamptz + interval '3 hours' + interval '1 minute' * mod(k, 1500) END AS respond_by,
    CASE WHEN status IN ('reached', 'booked', 'won') OR status = 'lost' AND luck < 80
        THEN least(%(now)s, received + interval '1 minute' * (20 + pg_temp.skewed(n, 36, 3000))) END AS first_contact,
    (ARRAY['Anna','Ben','Carla','David','Elena','Farid','Grace','Hugo','Ines','Jonas','Katrin','Luis','Maria','Nadia','Omar',
        'Paula','Quentin','Rosa','Stefan','Tara','Ulrike','Victor','Wanda','Ximena','Yusuf','Zoe'])[1 + pg_temp.dice(who, 5, 26)] AS first,
    CASE WHEN mod(who, %(planted)s) = 0 THEN 'Quillfeather' ELSE
        (ARRAY['Ash','Birk','Cole','Dorn','Eber','Falk','Green','Hart','Iver','Kers','Lam','Mar','Nor','Oster','Peter','Rei','Sand',
            'Thorn','Vogel','Wald'])[1 + pg_temp.dice(who, 6, 20)]
        || (ARRAY['','a','e','el','en','er','in','o','ing','lo','man','win'])[1 + pg_temp.dice(who, 7, 12)]
        || (ARRAY['bach','berg','by','dale','feld','ford','gren','hagen','land','ley','mann','mont','ova','quist','sen','son','stein',
            'ton','wood','worth'])[1 + pg_temp.dice(who, 8, 20)] END AS last,
    lpad(mod(who * 7919 + 13, 10000000)::text, 7, '0') AS seven OFFSET 0) d
CROSS JOIN LATERAL (SELECT NOT gone AND pg_temp.dice(who, 9, 100) < 92 AS writes,
    '202' || CASE WHEN mod(who, %(planted)s) = 0 THEN left(seven, 3) || '4321' ELSE seven END AS digits OFFSET 0) e
CROSS JOIN LATERAL (SELECT CASE WHEN writes THEN lower(first) || '.' || lower(last) || who || '@mail' || pg_temp.dice(who, 10, 40) || '.example'
    ELSE '' END AS email, NOT gone AND (NOT writes OR mod(who, %(planted)s) = 0 OR pg_temp.dice(who, 11, 100) < 70) AS calls OFFSET 0) f
CROSS JOIN LATERAL (SELECT CASE WHEN calls THEN '(' || left(digits, 3) || ') ' || substr(digits, 4, 3) || '-' || right(digits, 4) ELSE '' END AS phone,
    CASE WHEN calls AND pg_temp.dice(who, 12, 100) < 95 THEN '+1' || digits ELSE '' END AS e164 OFFSET 0) g
LEFT JOIN pool_center center ON pg_temp.dice(n, 2, 10) > 0 AND center.nth = pg_temp.skewed(n, 3, (SELECT count(*) FROM pool_center))
LEFT JOIN pool_staff staff ON status <> 'spam' AND NOT (status = 'new' AND w < 3) AND staff.nth = pg_temp.dice(n, 13, %(staff)s)
LEFT JOIN pool_words words ON words.nth = pg_temp.dice(n, 14, (SELECT count(*) FROM pool_words))
LEFT JOIN pool_source source ON source.nth = pg_temp.skewed(n, 15, (SELECT count(*) FROM pool_source))
LEFT JOIN pool_language language ON language.nth = pg_temp.skewed(n, 16, (SELECT count(*) FROM pool_language))
LEFT JOIN pool_source_digest source_digest ON source_digest.nth = source.nth
LEFT JOIN pool_language_digest language_digest ON language_digest.nth = language.nth
"""  # noqa: S608

THERAPIES = """
INSERT INTO consultations_consultationrequest_therapies (consultationrequest_id, therapy_id)
SELECT DISTINCT n, value FROM generate_series(%(low)s::bigint + 1, %(high)s) n, generate_series(0, 1) more, pool_therapy
WHERE nth = mod(pg_temp.skewed(n, 40, (SELECT count(*) FROM pool_therapy)) + more * 3, (SELECT count(*) FROM pool_therapy))
    AND pg_temp.dice(n, 41 + more, 100) < CASE more WHEN 0 THEN 80 ELSE 15 END
"""
SHOWN = """
INSERT INTO consultations_consultationrequest_shown (consultationrequest_id, showntext_id)
SELECT n, value FROM generate_series(%(low)s::bigint + 1, %(high)s) n, pool_shown
"""
CONSENT = """
INSERT INTO consultations_consent (request_id, text_id, given_at)
SELECT id, value, received_at FROM consultations_consultationrequest, pool_text
WHERE id BETWEEN %(low)s + 1 AND %(high)s AND pg_temp.dice(id, 50 + nth, 100) < (ARRAY[95, 50, 15])[nth + 1]
"""
# Who is booked where and as the how manieth: no two get one consultant's time. Phone calls begin when visits are over.
CHOSEN = """
CREATE TEMPORARY TABLE post AS
SELECT center_id, consultant_id, row_number() OVER (PARTITION BY center_id ORDER BY consultant_id) - 1 AS j,
    count(*) OVER (PARTITION BY center_id) AS each FROM consultations_consultant_centers
UNION ALL SELECT NULL, consultant_id, row_number() OVER (ORDER BY consultant_id) - 1, count(*) OVER ()
    FROM consultations_consultant_centers;
CREATE TEMPORARY TABLE chosen AS
SELECT id AS n, center_id, status, received_at, row_number() OVER part - 1 AS place, count(*) OVER (PARTITION BY center_id, status = 'booked') AS many
FROM (SELECT id, center_id, status, received_at FROM consultations_consultationrequest
    WHERE status = 'booked' OR status IN ('won', 'lost') AND pg_temp.dice(id, 21, 100) < 45
    ORDER BY status = 'booked' DESC, pg_temp.dice(id, 22, 1000000000), id LIMIT %(appointments)s) them
WINDOW part AS (PARTITION BY center_id, status = 'booked' ORDER BY id);
CREATE INDEX ON chosen (n);
ANALYZE chosen;
"""
APPOINTMENT = """
INSERT INTO consultations_appointment (id, request_id, consultant_id, appointment_type_id, center_id, channel, starts_at, ends_at,
    busy_from, busy_until, cutoff_minutes, status, uid, sequence, cancel_reason, overridden, override_reason, assignment_reason,
    visitor_zone, created_at, changed_at)
SELECT n, n, consultant_id, kind.value, post.center_id, CASE WHEN post.center_id IS NULL THEN 'phone' ELSE 'in_person' END,
    starts, starts + interval '30 minutes', starts, starts + interval '30 minutes', 1440, stands, md5('uid' || n), 0,
    CASE WHEN stands = 'cancelled' THEN words.value ELSE '' END, false, '', '', '', received_at, received_at
FROM chosen
JOIN post ON post.center_id IS NOT DISTINCT FROM chosen.center_id AND post.j = mod(place, each)
CROSS JOIN LATERAL (SELECT CASE WHEN post.center_id IS NULL THEN 8 ELSE 16 END AS daily OFFSET 0) a
CROSS JOIN LATERAL (SELECT CASE status WHEN 'booked' THEN place / each ELSE place / each * (1074 * daily) / ((many + each - 1) / each) END AS slot OFFSET 0) b
CROSS JOIN LATERAL (SELECT date_trunc('day', %(now)s::timestamptz, 'UTC') + interval '1 day' * (slot / daily - CASE status WHEN 'booked' THEN 0 ELSE 1075 END)
    + interval '1 hour' * CASE daily WHEN 16 THEN 8 ELSE 17 END + interval '30 minutes' * mod(slot, daily) AS starts,
    CASE WHEN status = 'booked' THEN CASE WHEN mod(%(number)s - n, 20) = 12 THEN 'pending' ELSE 'confirmed' END
        ELSE (ARRAY['attended','attended','attended','attended','attended','attended','attended','no_show','cancelled','moved'])
            [1 + pg_temp.dice(n, 23, 10)] END AS stands OFFSET 0) c
JOIN pool_kind kind ON kind.nth = CASE WHEN post.center_id IS NULL THEN 1 ELSE 0 END
JOIN pool_words words ON words.nth = pg_temp.dice(n, 24, (SELECT count(*) FROM pool_words))
WHERE n BETWEEN %(low)s + 1 AND %(high)s
"""
CELL = """
INSERT INTO consultations_timecell (consultant_id, cell, appointment_id)
SELECT consultant_id, extract(epoch FROM starts_at)::bigint / 300 + cell, id FROM consultations_appointment, generate_series(0, 5) cell
WHERE id BETWEEN %(low)s + 1 AND %(high)s AND status NOT IN ('cancelled', 'moved')
"""
ACTIVITY = """
INSERT INTO consultations_activity (request_id, kind, at, by_id, from_status, to_status, outcome, text)
SELECT id, kind, least(%(now)s, received_at + at), CASE WHEN kind IN ('received', 'erasure') THEN NULL ELSE coalesce(assignee_id, first.value) END,
    CASE kind WHEN 'status' THEN 'new' ELSE '' END, CASE kind WHEN 'status' THEN request.status ELSE '' END,
    CASE WHEN kind <> 'call' THEN '' WHEN at = interval '1 hour' THEN 'no_answer' ELSE 'reached' END,
    CASE WHEN kind <> 'note' OR erased_at IS NOT NULL THEN '' ELSE words.value END
FROM consultations_consultationrequest request
CROSS JOIN (VALUES ('received', interval '0', 100), ('assigned', interval '30 minutes', 100), ('call', interval '1 hour', 40),
    ('call', interval '3 hours', 100), ('status', interval '4 hours', 100), ('note', interval '5 hours', 35), ('erasure', interval '92 days', 100)
    ) happened (kind, at, share)
JOIN pool_staff first ON first.nth = 0
JOIN pool_words words ON words.nth = pg_temp.dice(id, 60, (SELECT count(*) FROM pool_words))
WHERE id BETWEEN %(low)s + 1 AND %(high)s AND pg_temp.dice(id, 61, 100) < share AND CASE kind WHEN 'received' THEN true
    WHEN 'assigned' THEN assignee_id IS NOT NULL WHEN 'status' THEN status <> 'new' WHEN 'erasure' THEN erased_at IS NOT NULL
    ELSE first_contact_at IS NOT NULL END
"""
OUTCOME = """
INSERT INTO consultations_activity (request_id, kind, at, from_status, to_status, outcome, text)
SELECT request_id, kind, CASE kind WHEN 'booked' THEN created_at ELSE ends_at END, '', '', '', ''
FROM consultations_appointment, (VALUES ('booked'), ('outcome')) happened (kind)
WHERE id BETWEEN %(low)s + 1 AND %(high)s AND (kind = 'booked' OR status IN ('attended', 'no_show'))
"""
MESSAGE = """
INSERT INTO consultations_message (request_id, kind, recipient, state, attempts, created_at, due_at, sent_at, last_error)
SELECT id, kind, CASE kind WHEN 'staff_new' THEN 'desk@clinic.example' ELSE email END, CASE WHEN failed THEN 'dead' ELSE 'sent' END,
    CASE WHEN failed THEN 12 ELSE 1 END, received_at, received_at, CASE WHEN NOT failed THEN received_at + interval '5 seconds' END,
    CASE WHEN failed THEN '550 no such mailbox' ELSE '' END
FROM consultations_consultationrequest request
CROSS JOIN (VALUES ('visitor_confirm', 100), ('visitor_received', 100), ('staff_new', 100), ('visitor_reply', 25)) sent (kind, share)
CROSS JOIN LATERAL (SELECT kind = 'visitor_received' AND erased_at IS NULL AND mod(id, %(failed)s) = 0 AS failed OFFSET 0) a
WHERE id BETWEEN %(low)s + 1 AND %(high)s AND (kind = 'staff_new' OR email <> '' OR erased_at IS NOT NULL)
    AND pg_temp.dice(id, 70, 100) < share AND (kind <> 'visitor_reply' OR first_contact_at IS NOT NULL)
"""
OF_APPOINTMENT = """
INSERT INTO consultations_message (request_id, kind, appointment_id, sequence, recipient, state, attempts, created_at, due_at, sent_at, last_error)
SELECT a.request_id, kind, a.id, 0, email, 'sent', 1, a.created_at, a.created_at, a.created_at + interval '5 seconds', ''
FROM consultations_appointment a JOIN consultations_consultationrequest r ON r.id = a.request_id
CROSS JOIN (VALUES ('visitor_booked'), ('reminder_day')) sent (kind)
WHERE a.id BETWEEN %(low)s + 1 AND %(high)s AND (kind = 'visitor_booked' OR a.starts_at < %(now)s)
"""
REPLY = """
INSERT INTO consultations_reply (message_id, by_id, subject, body)
SELECT m.id, first.value, words.value, words.value FROM consultations_message m
JOIN consultations_consultationrequest r ON r.id = m.request_id
JOIN pool_staff first ON first.nth = 0 JOIN pool_words words ON words.nth = mod(m.id, (SELECT count(*) FROM pool_words))
WHERE m.request_id BETWEEN %(low)s + 1 AND %(high)s AND m.kind = 'visitor_reply' AND r.erased_at IS NULL
"""
OPENED = """
INSERT INTO consultations_accessentry (request_id, by_id, what, at, hour)
SELECT id, coalesce(assignee_id, first.value), 'detail', received_at + after, date_trunc('hour', received_at + after, 'UTC')
FROM consultations_consultationrequest CROSS JOIN (VALUES (interval '30 minutes'), (interval '26 hours'), (interval '5 days')) opened (after)
JOIN pool_staff first ON first.nth = 0
WHERE id BETWEEN %(low)s + 1 AND %(high)s AND status <> 'new' AND received_at + after < %(now)s
"""


@dataclass(frozen=True)
class Step:
    """One statement; those `by_request` are run for some requests at a time."""

    name: str
    statement: str
    by_request: bool = True


STEPS = (
    Step("people", PERSON),
    Step("requests", REQUEST),
    Step("therapies asked about", THERAPIES),
    Step("texts shown", SHOWN),
    Step("consents", CONSENT),
    Step("who has an appointment", CHOSEN, by_request=False),
    Step("appointments", APPOINTMENT),
    Step("cells of consultants' time", CELL),
    Step("history of requests", ACTIVITY),
    Step("history of appointments", OUTCOME),
    Step("mails about requests", MESSAGE),
    Step("mails about appointments", OF_APPOINTMENT),
    Step("replies", REPLY),
    Step("openings", OPENED),
)
AFTER = """
UPDATE consultations_consultationrequest r SET next_at = a.starts_at FROM consultations_appointment a
WHERE a.request_id = r.id AND r.status = 'booked';
SELECT setval('consultations_person_id_seq', (SELECT max(id) FROM consultations_person)),
    setval('consultations_consultationrequest_id_seq', %(number)s),
    setval('consultations_appointment_id_seq', %(number)s)
"""
