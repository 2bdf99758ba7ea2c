"""Questions to a portrait."""
