"""Pixels in memory: coding, scaling and the one door to OpenCV."""
