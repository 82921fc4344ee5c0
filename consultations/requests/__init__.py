"""Requests as staff work on them: moving, assigning, notes, whose they are, and when an answer is due. Imports models, clocks, links."""
