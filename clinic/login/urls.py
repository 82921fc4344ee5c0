"""Addresses of an account's own pages: those of allauth that we have, and no others (no sign-up, no mail addresses)."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.usersessions.views import list_usersessions
from django.urls import path

from clinic.login import views
from clinic.login.views import own_account

urlpatterns = [
    path("login/", views.enter, name="account_login"),
    path("login/passkey/", views.passkey, name="mfa_login_webauthn"),
    path("login/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/confirm/", own_account(account.reauthenticate), name="account_reauthenticate"),
    path("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/key/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    # The admin's own page for it comes after this one and is never reached.
    path("password_change/", own_account(account.password_change), name="account_change_password"),
    path("account/sessions/", own_account(list_usersessions), name="usersessions_list"),
    path("account/second-factor/", own_account(mfa.index), name="mfa_index"),
    path("account/second-factor/app/", own_account(totp.activate_totp), name="mfa_activate_totp"),
    path("account/second-factor/app/code.svg", own_account(views.qr_code), name="mfa_qr_code"),
    path("account/second-factor/app/remove/", own_account(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/keys/", own_account(keys.list_webauthn), name="mfa_list_webauthn"),
    path("account/second-factor/keys/add/", own_account(keys.add_webauthn), name="mfa_add_webauthn"),
    path("account/second-factor/keys/<int:pk>/", own_account(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/second-factor/keys/<int:pk>/remove/", own_account(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/second-factor/codes/", own_account(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/codes/new/",
        own_account(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/second-factor/codes/file/",
        own_account(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
