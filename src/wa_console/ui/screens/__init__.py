"""Screens: they call services, and hand view data to widgets."""
