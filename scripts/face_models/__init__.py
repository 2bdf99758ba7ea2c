"""How the networks that read a face came into the repository. The product never imports this folder."""
