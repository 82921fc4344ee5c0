"""How a person sees, changes and leaves what is kept about them. Imports booking, evidence, mail, requests, models."""
