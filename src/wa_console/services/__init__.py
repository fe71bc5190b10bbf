"""Use cases over ports: async, without Textual, aiohttp or Twilio's library."""
