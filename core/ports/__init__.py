"""What the rooms may ask of each other: the shop's connector and the books. No code, only promises."""
