"""How the golden pictures and their answers came into the repository. The product never imports this folder."""
