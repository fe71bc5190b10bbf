"""Everything that knows Twilio's wire; the rest of the program sees port.py only."""
