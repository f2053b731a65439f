"""The delay laws as configurable packs with versions: which clock runs, what silence means, what must be paid when.

Help, not legal advice: a merchant chooses the packs, and counsel reads them first. Pure: days in, edges out.
"""
