"""Template tags of the desk. Imports models."""
