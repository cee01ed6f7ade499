"""Rules that people already have: Sigma's, run on the lake's tables."""
