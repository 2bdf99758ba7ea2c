"""What a device is: protocols that a driver fulfils, and where drivers are found."""
