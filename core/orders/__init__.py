"""One order: what a person may ask for it, what its customer will not get, and where it stands on the board."""
