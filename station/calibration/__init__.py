"""What the devices measure, proved with a target."""
