"""Opening, decoding, recognising and cutting logs: from paths to records."""
