"""The claim check: which sentences of a text say more than may be said, and why. Pure; imports text, choices."""
