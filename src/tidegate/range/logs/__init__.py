"""Each product's log, in the product's own format: rows in, the bytes of a file out."""
