"""Looks at a site for whoever runs it: each look yields what is misconfigured, late or about to end. Imports all apps."""
