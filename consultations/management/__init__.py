"""Commands and the daily work of the worker. Imports booking, demo, limits, mail, privacy."""
