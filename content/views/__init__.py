"""Public reading pages: generic views; every page is the same for everyone.

Imports models, comparison, deciding, found, search.
"""

from content.views.articles import ArticleListView, ArticleView, PreviewView
from content.views.centers import CenterListView, CenterView
from content.views.comparisons import CompareChooserView, CompareView
from content.views.decisions import DecisionView
from content.views.pages import ContactView, HomeView, PolicyView, QuestionListView
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
    "HomeView",
    "PolicyView",
    "PreviewView",
    "QuestionListView",
    "TherapyListView",
    "TherapyView",
    "search",
]
