"""A Twilio of our own for demo, training and tests.

It speaks Twilio's documented wire over real loopback HTTP. It is written from the documents and
imports nothing else of ours, so that it is a check on the product and not its echo.
"""
