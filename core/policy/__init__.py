"""A shop's settings: what they may hold, how they are read, whole sets of them, what they would have meant."""
