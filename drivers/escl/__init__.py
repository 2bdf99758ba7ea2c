"""Scanners on the network that speak eSCL (Mopria Alliance), without a system library."""
