"""Pieces of the window that more than one screen uses."""
