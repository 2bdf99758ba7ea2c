"""The photo that is cut from a portrait: the head's measures, the crop, and how it is judged."""
