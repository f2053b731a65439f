"""Who is let in: a merchant at the platform, an installed app at a shop, a person at the pages."""
