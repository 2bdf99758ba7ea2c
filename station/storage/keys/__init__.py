"""The station key: what it is, how it is kept, how it comes back. `keeper` is the door."""
