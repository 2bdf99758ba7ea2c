"""One step of the visit each."""
