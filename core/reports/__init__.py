"""How well a shop serves those who order what it lacks, over a period: from facts that were kept, never estimated."""
