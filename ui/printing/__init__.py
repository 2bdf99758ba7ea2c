"""What the station puts on paper: one drawing code for printers, PDF files and pictures."""
