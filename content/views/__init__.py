"""Public reading pages: generic views; every page is the same for everyone.

Imports models, comparison, deciding, publishing, linking, found, search.
"""

from content.views.articles import ArticleListView, ArticleView
from content.views.centers import CenterListView, CenterView
from content.views.comparisons import CompareChooserView, CompareView
from content.views.decisions import DecisionView
from content.views.glossary import GlossaryView
from content.views.media import card, media
from content.views.notices import NoticesView
from content.views.pages import ContactView, HomeView, PolicyView, QuestionListView
from content.views.previews import PreviewView, SharedPreviewView
from content.views.searching import search
from content.views.therapies import TherapyListView, TherapyView

__all__ = [
    "ArticleListView",
    "ArticleView",
    "CenterListView",
    "CenterView",
    "CompareChooserView",
    "CompareView",
    "ContactView",
    "DecisionView",
    "GlossaryView",
    "HomeView",
    "NoticesView",
    "PolicyView",
    "PreviewView",
    "QuestionListView",
    "SharedPreviewView",
    "TherapyListView",
    "TherapyView",
    "card",
    "media",
    "search",
]
