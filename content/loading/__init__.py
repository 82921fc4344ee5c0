"""The sample site, or any other, from readable files to the database; the format is content/library/README.md.

Imports models, comparison.

source reads files into entries with line numbers, values and rows turn them into columns, kinds is the table of what
there is, rules and checks say what must hold, write brings the database up to date.
"""
