"""The window and the console: they show and ask, and decide nothing."""
