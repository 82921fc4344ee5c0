"""Links between pages: old addresses, references kept in texts, and what leads nowhere.

Imports models, targets, page_links, richtext, comparison, publishing.
"""
