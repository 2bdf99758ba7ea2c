"""How the limits of the page measures were found: pages with known text are spoilt, read and measured."""
