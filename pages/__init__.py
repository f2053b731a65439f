"""Pages for people: the merchant's, the customer's, and the JSON API. One view, one use case, one template.

`pages.rooms` opens them all; commands are loaded without them.
"""
