"""What machines that lead readers here are given: feed, sitemap, structured data. Imports models, comparison."""
