"""Faces: where one is, its mesh, its expressions and its pose."""
