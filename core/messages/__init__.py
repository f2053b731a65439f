"""What customers are told: which message, in which words, in which mail, and when it leaves."""
