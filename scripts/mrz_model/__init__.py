"""How the line recogniser of the machine-readable zone was made. The product never imports this folder."""
