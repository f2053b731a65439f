"""Whether a part ships ahead: the merchant's rules and the sum of both costs."""
