"""One file a format or a family of them: how to know it by its content, and how to cut it into parts."""
