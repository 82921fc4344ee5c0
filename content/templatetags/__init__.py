"""Template tags of the public pages. Imports attribution, found."""
