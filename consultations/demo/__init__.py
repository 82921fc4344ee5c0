"""Invented visitors, staff and appointments for a demo run. Imports booking, intake, requests, models."""
