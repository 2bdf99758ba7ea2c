"""The station decides: values, devices, reading, judging and the visit, without a window."""
