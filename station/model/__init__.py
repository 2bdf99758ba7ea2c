"""What the station speaks of: values only, no I/O, no thread, no clock."""
