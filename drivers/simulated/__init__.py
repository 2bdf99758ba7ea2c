"""Devices that exist only in this program: for rehearsals, practice and tests. Invented people only."""
