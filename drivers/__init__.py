"""Device adapters; each sees the device protocols and nothing else of the house."""
