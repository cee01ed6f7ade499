"""What goes on every day: each module draws one day of one kind of activity, from the world and a generator."""
