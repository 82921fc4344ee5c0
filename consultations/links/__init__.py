"""Private links, keyed digests and masked details: what may be shown of a secret. Imports nothing of this app."""
