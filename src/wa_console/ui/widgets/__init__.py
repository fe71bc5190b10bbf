"""Widgets: view data in, intents out as messages; they see the domain only."""
