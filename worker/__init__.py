"""MOVES. Takes deliveries in, keeps the plan up to date, carries actions out, and keeps the clock."""
