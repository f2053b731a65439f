"""What a customer is given for the wait: which gift, what it costs, who gets it within the shop's caps and budget."""
