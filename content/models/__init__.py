"""Everything the public pages say.

Each model has its queryset beside it. Imports choices, fields, hours, anchors, claims.
"""

from content.models.article import Article, Contributor, Topic
from content.models.center import Center, Country, OpeningPeriod
from content.models.claim_rule import ClaimRule, ClaimRuleVersion
from content.models.clinic import ClinicProfile, Policy
from content.models.decision import DecisionAnswer, DecisionQuestion
from content.models.event import RevisionEvent
from content.models.notice import Notice, Question
from content.models.parts import ArticleReference, RelatedArticle, Section
from content.models.reference import Reference
from content.models.revision import Revision
from content.models.search import SearchEntry, SearchMiss, SearchSynonym
from content.models.therapy import Comparison, ComparisonCriterion, ComparisonTherapy, Criterion, Finding, Therapy
from content.models.version import ContentVersion

__all__ = [
    "Article",
    "ArticleReference",
    "Center",
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
    "Finding",
    "Notice",
    "OpeningPeriod",
    "Policy",
    "Question",
    "Reference",
    "RelatedArticle",
    "Revision",
    "RevisionEvent",
    "SearchEntry",
    "SearchMiss",
    "SearchSynonym",
    "Section",
    "Therapy",
    "Topic",
]
