"""What leaves the station."""
