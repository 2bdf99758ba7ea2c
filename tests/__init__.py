"""The suite: sentences about what the station does."""
