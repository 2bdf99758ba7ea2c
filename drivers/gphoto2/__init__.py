"""The driver `gphoto2`: still cameras on USB through libgphoto2, each in a child process of its own."""
