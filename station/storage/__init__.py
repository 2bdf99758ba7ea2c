"""Where records and pictures are kept."""
