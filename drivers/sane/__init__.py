"""Scanners of the SANE project: libsane in a child process, reached through a thin face."""
