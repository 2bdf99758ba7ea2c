"""Calibration of cameras: what a board and an even card tell about lens, place and time."""
