"""Whom the limits of the portrait fall upon: faces of many complexions, in more light and in less."""
