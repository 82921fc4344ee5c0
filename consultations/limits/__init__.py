"""How often somebody may do something, and where a connection comes from. Imports models, links."""
