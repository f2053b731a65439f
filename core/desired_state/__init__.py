"""What ought to stand at the shop, and taking it back."""
