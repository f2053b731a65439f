"""Very large orders: how large an order is, where it stands, the offer to its customer, who waits because of it."""
