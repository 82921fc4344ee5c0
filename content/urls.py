"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path, re_path

from content import views
from content.choices import PolicyKind
from content.found.feeds import ArticleFeed
from content.views.base import read_only

app_name = "content"

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("articles/", views.ArticleListView.as_view(), name="articles"),
    path("articles/<slug:slug>/", views.ArticleView.as_view(), name="article"),
    path("articles/<slug:slug>/revisions/<int:number>/", views.PreviewView.as_view(), name="preview"),
    path("preview/<str:token>/", views.SharedPreviewView.as_view(), name="shared_preview"),
    path("therapies/", views.TherapyListView.as_view(), name="therapies"),
    path("therapies/<slug:slug>/", views.TherapyView.as_view(), name="therapy"),
    path("compare/", views.CompareChooserView.as_view(), name="compare"),
    path("compare/<path:chosen>/", views.CompareView.as_view(), name="comparison"),
    path("decide/", views.DecisionView.as_view(), name="decide"),
    path("centers/", views.CenterListView.as_view(), name="centers"),
    path("centers/<slug:slug>/", views.CenterView.as_view(), name="center"),
    path("faq/", views.QuestionListView.as_view(), name="faq"),
    path("glossary/", views.GlossaryView.as_view(), name="glossary"),
    path("notices/", views.NoticesView.as_view(), name="notices"),
    path("search/", views.search, name="search"),
    path("contact/", views.ContactView.as_view(), name="contact"),
    path("privacy/", views.PolicyView.as_view(kind=PolicyKind.PRIVACY), name="privacy"),
    path(
        "consumer-health-data/",
        views.PolicyView.as_view(kind=PolicyKind.CONSUMER_HEALTH_DATA),
        name="consumer-health-data",
    ),
    path("accessibility/", views.PolicyView.as_view(kind=PolicyKind.ACCESSIBILITY), name="accessibility"),
    re_path(r"^media/([0-9a-f]{64})-([1-9][0-9]{0,4})\.([a-z]{3,4})$", views.media, name="media"),
    re_path(r"^media/cards/([-\w]+)-([0-9a-f]{16})\.png$", views.card, name="card"),
    path("feed/", read_only(ArticleFeed()), name="feed"),
]
