"""What a file holds: its format, its parts, what recognisers find in them, and how grave that is."""
