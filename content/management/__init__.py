"""Commands that load and check what the site says. Imports loading, proofreading, claims."""
