"""Who may see which center: giving and taking rights, who can be given a request, and who opened what.

Imports exceptions and models, where `visible_to(user)` stands beside each model.
"""
