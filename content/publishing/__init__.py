"""How words reach readers: drafts, their review, and the moments at which revisions go live and are withdrawn.

Imports models, versions. verbs is what people do, each with their rights; steps is what the verbs are made of; checks is
the list of what must hold before words are submitted or approved.
"""
