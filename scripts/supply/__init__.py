"""What the site is made of: locked packages, their licences, known weaknesses of theirs, images, and the release built from them."""
