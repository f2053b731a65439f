"""When things come and leave: suppliers' lateness, the way to the shelf, the shop's week, what was promised."""
