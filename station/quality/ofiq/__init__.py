"""OFIQ, the standard's reference implementation, where the customer plugs it in with its own models."""

from station.quality.ofiq.engine import Ofiq

__all__ = ["Ofiq"]
