"""Where everything is kept: a port that services know, and its back ends."""
