"""Everything the public pages say.

Each model has its queryset beside it. Imports choices, fields, hours, anchors, claims.
"""

from content.models.answer_times import AnswerTimes
from content.models.article import Article, Contributor, Topic
from content.models.center import Center, Country, OpeningPeriod
from content.models.claim_override import ClaimOverride
from content.models.claim_rule import ClaimRule, ClaimRuleVersion
from content.models.clinic import ClinicProfile, Policy
from content.models.decision import DecisionAnswer, DecisionQuestion
from content.models.desk import DeskMail, PreviewLink, RevisionComment
from content.models.event import RevisionEvent
from content.models.former_slug import FormerSlug
from content.models.image import Image, ImageFile
from content.models.notice import Notice, Question
from content.models.parts import ArticleReference, RelatedArticle, Section
from content.models.proposed_change import ProposedChange, ProposedChangeEvent
from content.models.reference import Reference
from content.models.revision import Revision
from content.models.search import SearchEntry, SearchMiss, SearchSynonym
from content.models.term import Term
from content.models.therapy import Comparison, ComparisonCriterion, ComparisonTherapy, Criterion, Finding, Therapy
from content.models.unsaved_words import UnsavedWords
from content.models.version import ContentVersion, TableVersion

__all__ = [
    "AnswerTimes",
    "Article",
    "ArticleReference",
    "Center",
    "ClaimOverride",
    "ClaimRule",
    "ClaimRuleVersion",
    "ClinicProfile",
    "Comparison",
    "ComparisonCriterion",
    "ComparisonTherapy",
    "ContentVersion",
    "Contributor",
    "Country",
    "Criterion",
    "DecisionAnswer",
    "DecisionQuestion",
    "DeskMail",
    "Finding",
    "FormerSlug",
    "Image",
    "ImageFile",
    "Notice",
    "OpeningPeriod",
    "Policy",
    "PreviewLink",
    "ProposedChange",
    "ProposedChangeEvent",
    "Question",
    "Reference",
    "RelatedArticle",
    "Revision",
    "RevisionComment",
    "RevisionEvent",
    "SearchEntry",
    "SearchMiss",
    "SearchSynonym",
    "Section",
    "TableVersion",
    "Term",
    "Therapy",
    "Topic",
    "UnsavedWords",
]
