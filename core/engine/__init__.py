"""The engine: `planner.plan` turns facts into a plan. Who gets scarce units, what leaves now, when the rest comes."""
