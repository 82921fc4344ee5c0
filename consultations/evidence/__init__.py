"""What visitors were shown and what they agreed to, kept word for word. Imports models."""
