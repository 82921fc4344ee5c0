"""Receiving a request: what was typed is tidied, looked at for spam and written once. Imports mail, evidence, limits, requests, models."""
