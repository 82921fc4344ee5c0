"""The comparison of therapies: read, laid out as a table, and saved from the grid. Imports models."""
