"""One file a recogniser: what it finds, where its definition stands, what it must and must not take."""
