"""Who may see which center, who opened what, networks that staff came from, and a lost second factor.

Imports groups, links, exceptions and models, where `visible_to(user)` stands beside each model.
"""
