"""Appointments: which times are free, and taking, moving and giving them back. Imports mail, requests, models, clocks."""
