"""Plots of a calibration. Only `canvas.py` knows pyqtgraph; it is imported when something is first drawn."""
