"""URLs of the request form and the private page."""

from __future__ import annotations

from django.urls import path

from consultations import views

app_name = "consultations"

urlpatterns = [
    path("", views.request_form, name="request"),
    path("with-answers/", views.form_with_answers, name="request-with-answers"),
    path("soonest/", views.soonest, name="soonest"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("r/<str:token>/fresh/", views.send_fresh_link, name="private-fresh"),
    path("r/<str:token>/ask/", views.ask_to_confirm, name="private-ask"),
    path("r/<str:token>/", views.private_page, name="private"),
    path("r/<str:token>/note/", views.add_note, name="private-note"),
    path("r/<str:token>/contact/", views.correct_contact, name="private-contact"),
    path("r/<str:token>/consent/", views.withdraw_consent, name="private-consent"),
    path("r/<str:token>/code/", views.type_code, name="private-code"),
    path("r/<str:token>/erase/", views.ask_for_erasure, name="private-erase"),
    path("r/<str:token>/unsubscribe/", views.unsubscribe, name="unsubscribe"),
    path("r/<str:token>/times/", views.times, name="times"),
    path("r/<str:token>/times/hold/", views.hold_time, name="times-hold"),
    path("r/<str:token>/times/release/", views.release_time, name="times-release"),
    path("r/<str:token>/waiting/join/", views.join_waiting, name="waiting-join"),
    path("r/<str:token>/waiting/leave/", views.leave_waiting, name="waiting-leave"),
    path("r/<str:token>/waiting/take/", views.take_offer, name="waiting-take"),
    path("r/<str:token>/cancel/", views.cancel, name="cancel"),
    path("r/<str:token>/calendar.ics", views.calendar_file, name="calendar"),
]
