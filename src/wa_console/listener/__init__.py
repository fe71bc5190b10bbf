"""The embedded webhook listener: HTTP in, nothing decided here."""
