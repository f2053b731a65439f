"""What other tools are told by webhook."""
