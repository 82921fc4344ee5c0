"""Finds pages by words: what is indexed of each page, how a query is read, and which pages fit best.

Imports models, comparison, richtext, text.
"""
