"""What concerns one item of a shop: its gate, its shelf, its rules, its suppliers, what could stand in for it."""
