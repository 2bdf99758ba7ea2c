"""Questions to a scanned page."""
