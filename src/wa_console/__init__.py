"""An agent console for WhatsApp over Twilio that lives in a terminal."""

__version__ = "0.1.0"
