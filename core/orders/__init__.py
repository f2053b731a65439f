"""What a person may ask for one order, and what becomes of units that a customer will not get."""
