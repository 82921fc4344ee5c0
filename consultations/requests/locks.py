"""Row locks on a request and its person; the order of locks is stated in booking/appointments.py."""

from __future__ import annotations

from consultations.exceptions import ChangedMeanwhile, Erased
from consultations.models import ConsultationRequest, Person


def lock_request(request_id: int, *, with_person: bool = False) -> ConsultationRequest:
    """Lock a request, and before it the person it is from, and return it as it stands in the database.

    Raises:
        ChangedMeanwhile: there is no such request any more.
    """
    requests = ConsultationRequest.objects.filter(pk=request_id)
    if with_person:
        person = requests.values_list("person", flat=True).first()
        list(Person.objects.select_for_update(no_key=True).filter(pk__in=[person]))
    request = requests.select_for_update(no_key=True).first()
    if request is not None and with_person and request.person_id != person:
        raise ChangedMeanwhile("This request was confirmed at this very moment. Please try again.")
    if request is None:
        raise ChangedMeanwhile("This request does not exist any more. Nothing was saved.")
    return request


def lock_unerased(request_id: int) -> ConsultationRequest:
    """Lock a request that something is to be written about: nobody looks at an erased one again to take words away.

    Raises:
        Erased: the request was erased.
        ChangedMeanwhile: there is no such request any more.
    """
    request = lock_request(request_id)
    if request.erased_at is not None:
        raise Erased("This request was erased. Nothing was saved.")
    return request
