"""How staff get in and out: password and second factor, limits, sessions, and what is logged of them.

The pages are django-allauth's; what is ours stands here. Imports consultations' limits, links and access.
"""
