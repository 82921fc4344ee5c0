"""What follows a log-in and a change of an account: sessions begin and end, and a line is written.

Which request is at hand is what allauth's middleware remembers; a command has none.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed
from allauth.core import context
from allauth.mfa import signals as mfa
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from clinic.login import browsers, limits, log
from clinic.login.middleware import BEGAN, SEEN
from consultations.access import places
from consultations.views import origin


@receiver(user_logged_in)
def begin(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Start the session's clock, and remember the network and the browser for this account."""
    now = timezone.now()
    request.session[BEGAN] = request.session[SEEN] = now.timestamp()
    places.remember(user, limits.network_of(origin.address(request)), now=now)
    browsers.remember(request, user, now=now)
    log.note("login", user.pk, request)


@receiver(user_logged_out)
def end(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Write that somebody left."""
    if user is not None:
        log.note("logout", user.pk, request)


@receiver(mfa.authenticator_added)
def added(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Take the set-up as shown, since it asked for a code or a touch; sessions without it end."""
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        end_other_sessions(request, user)
    log.note("second factor added", user.pk, request, type=authenticator.type)


@receiver(mfa.authenticator_removed)
def removed(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Write that a second factor is gone."""
    log.note("second factor removed", user.pk, request, type=authenticator.type)


@receiver(mfa.authenticator_reset)
def renewed(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Write that there are new recovery codes."""
    log.note("second factor renewed", user.pk, request, type=authenticator.type)


@receiver(mfa.authenticator_used)
def used(sender: Any, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Write with what somebody showed who they are."""
    log.note("second factor used", user.pk, request, type=authenticator.type)


@receiver(mfa.authentication_failed)
def failed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Write that a code was wrong."""
    log.note("refused", user.pk, request, why="code")


@receiver(password_changed)
def changed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """End the account's other sessions; their hash no longer fits, and the list should not show them."""
    end_other_sessions(request, user)


@receiver(pre_save, sender=User)
def compare(sender: Any, instance: User, **kwargs: Any) -> None:
    """Remember what the account was, for the line that `saved` writes."""
    fields = ("password", "is_superuser", "is_staff", "is_active")
    before = User.objects.filter(pk=instance.pk).values(*fields).first() if instance.pk else None
    vars(instance)["_before"] = before


@receiver(post_save, sender=User)
def saved(sender: Any, instance: User, *, created: bool, **kwargs: Any) -> None:
    """Write what of an account was changed, not to what where it is a password."""
    request, before = _request(), vars(instance).pop("_before", None)
    if created:
        log.note("account created", instance.pk, request, by=_by(request))
        return
    for field, old in (before or {}).items():
        new = getattr(instance, field)
        # A hash that is only computed anew, with today's numbers, comes before anybody is logged in.
        if new != old and not (field == "password" and _by(request) == "-" and request is not None):
            what = {} if field == "password" else {"to": new}
            log.note(f"{field} changed", instance.pk, request, by=_by(request), **what)


@receiver(post_delete, sender=User)
def deleted(sender: Any, instance: User, **kwargs: Any) -> None:
    """Write that an account is gone."""
    log.note("account deleted", instance.pk, _request(), by=_by(_request()))


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def granted(sender: Any, instance: Any, action: str, pk_set: set[int] | None, **kwargs: Any) -> None:
    """Write which groups or single rights somebody got or lost."""
    if action in {"post_add", "post_remove", "post_clear"} and (pk_set or action == "post_clear"):
        what = "groups" if sender is User.groups.through else "permissions"
        numbers = ",".join(map(str, sorted(pk_set or ()))) or "all"
        request = _request()
        log.note(f"{what} {action.removeprefix('post_')}", instance.pk, request, by=_by(request), numbers=numbers)


def _request() -> HttpRequest | None:
    found: HttpRequest | None = context.request
    return found


def _by(request: HttpRequest | None) -> object:
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else "-"
