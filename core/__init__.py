"""DECIDES. Facts in, plan out: no Flask, no SQL, no HTTP, no clock, no randomness."""
