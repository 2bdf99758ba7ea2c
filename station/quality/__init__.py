"""One question to a picture, one file; limits come from a profile."""
