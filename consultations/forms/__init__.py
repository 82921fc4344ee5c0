"""What visitors send, checked field by field. Imports the wings below it; only views import it."""
