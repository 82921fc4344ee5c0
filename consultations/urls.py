"""Addresses of the request form and the private page."""

from __future__ import annotations

from django.urls import path

from consultations import views

app_name = "consultations"

urlpatterns = [
    path("", views.request_form, name="request"),
    path("r/<str:token>/", views.private_page, name="private"),
    path("r/<str:token>/note/", views.add_note, name="private-note"),
    path("r/<str:token>/contact/", views.correct_contact, name="private-contact"),
    path("r/<str:token>/consent/", views.withdraw_consent, name="private-consent"),
    path("r/<str:token>/erase/", views.ask_for_erasure, name="private-erase"),
    path("r/<str:token>/unsubscribe/", views.unsubscribe, name="unsubscribe"),
]
