"""Loads a site from text files into the database; the format is described in content/library/README.md.

Imports models, comparison, publishing, linking, richtext, targets.

source reads files into entries with line numbers, values and rows turn them into columns, kinds is the table of what
there is, rules and checks say what must hold, write brings the database up to date.
"""
