"""Log sources: one file a product; nothing to register."""
