"""Whole shops on localhost: for the demo, the tests and load."""
