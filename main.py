"""Compose the parts and start."""
