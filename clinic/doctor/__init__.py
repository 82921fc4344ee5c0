"""Looks at a site for whoever runs it: each look yields what is misconfigured, slow, late or about to end. Imports all apps."""
