"""One shop planned: from its books to facts, by the engine and the shop's rules to rows and actions."""
