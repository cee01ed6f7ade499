"""A synthetic organisation that writes logs in the products' own formats, to try Tidegate on and to measure it with.

It knows nothing of how Tidegate judges: no detector, measure or threshold is imported here. What is played on top of
the quiet background is one file each in `incidents`; a new pattern is one more file there.
"""
