"""A lost device: one manager asks, another confirms, and the account's second factors are gone.

Whoever lost it logs in with the password and sets up a new one within a day. Nobody does this for themselves, and no
single person for anybody: neither is a superuser an exception. Both managers share a center with the account, or it has none.
"""

from __future__ import annotations

import datetime as dt
import logging
from importlib import import_module

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from consultations.access.colleagues import staff_known_to
from consultations.exceptions import ChangedMeanwhile, NotAllowed
from consultations.groups import MANAGERS
from consultations.models import SecondFactorReset

logger = logging.getLogger("clinic.access")

# To confirm what was asked, and then to set up a new one.
VALID_FOR = dt.timedelta(hours=24)


def may_reset(user: User) -> bool:
    """Return whether somebody may ask or confirm: active staff, in the managers' group or a superuser."""
    return user.is_active and user.is_staff and (user.is_superuser or user.groups.filter(name=MANAGERS).exists())


@transaction.atomic
def ask(whose: User, *, by: User, now: dt.datetime) -> SecondFactorReset:
    """Write that `by` wants the second factors of `whose` gone; nothing is changed until another manager confirms.

    Raises:
        NotAllowed: by somebody who is no manager or shares no center with them, for oneself, or while another one waits.
    """
    _refuse_wrong_person(whose, by)
    User.objects.select_for_update().get(pk=whose.pk)
    if SecondFactorReset.objects.filter(whose=whose, confirmed_at=None, asked_at__gt=now - VALID_FOR).exists():
        raise NotAllowed("This was asked already: another manager has to confirm it.")
    found = SecondFactorReset.objects.create(whose=whose, asked_by=by, asked_at=now)
    logger.info("reset asked account=%s by=%s", whose.pk, by.pk)
    return found


@transaction.atomic
def confirm(reset: SecondFactorReset, *, by: User, now: dt.datetime) -> None:
    """Delete the second factors of the account and end its sessions.

    Raises:
        NotAllowed: by the one who asked, for oneself, or by somebody who is no manager or shares no center with them.
        ChangedMeanwhile: it was confirmed already, or is older than a day.
    """
    _refuse_wrong_person(reset.whose, by)
    if by.pk == reset.asked_by_id:
        raise NotAllowed("You asked for this yourself: another manager has to confirm it.")
    waiting = SecondFactorReset.objects.filter(pk=reset.pk, confirmed_at=None, asked_at__gt=now - VALID_FOR)
    if not waiting.update(confirmed_by=by, confirmed_at=now):
        raise ChangedMeanwhile("This was confirmed already, or is older than a day: ask again.")
    Authenticator.objects.filter(user=reset.whose_id).delete()
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in UserSession.objects.filter(user=reset.whose_id):
        store().delete(session.session_key)
        session.delete()
    logger.info("reset confirmed account=%s by=%s asked_by=%s", reset.whose_id, by.pk, reset.asked_by_id)


def has_lapsed(user: User, *, now: dt.datetime) -> bool:
    """Return whether the day is over in which somebody without a second factor could set up a new one."""
    last = SecondFactorReset.objects.filter(whose=user.pk).exclude(Q(confirmed_at=None)).first()
    if last is None or last.confirmed_at is None or now - last.confirmed_at <= VALID_FOR:
        return False
    return not Authenticator.objects.filter(user=user.pk).exists()


def _refuse_wrong_person(whose: User, by: User) -> None:
    if by.pk == whose.pk:
        raise NotAllowed("Nobody does this for themselves: ask two managers.")
    if not may_reset(by):
        raise NotAllowed("Only managers may do this.")
    if not staff_known_to(by).filter(pk=whose.pk).exists():
        raise NotAllowed("Only managers who share a center with this person may do this.")
