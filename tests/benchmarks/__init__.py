"""Figures beside their targets and beside a peer; never part of the suite."""
