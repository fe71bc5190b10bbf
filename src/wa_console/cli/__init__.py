"""Commands, one file a group; heavy imports inside the command."""
