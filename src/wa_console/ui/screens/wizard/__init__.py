"""The setup wizard: a frame with a rail, and one file for each step."""
