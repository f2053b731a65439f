"""One shop planned: from its books to facts, by the engine and the shop's rules to rows and actions.

* an event's way: `hints` name what to read, `merge` joins it to the books, `reach` says whom it concerns, `replanning`
* a plan: `shop_facts`, `shop_plan`, then `settling` writes down and asks for what differs; `wake_ups` come again
* looked at and not kept: `preview`, `what_if`; why orders wait: `root_causes`; what suppliers taught: `experience`
"""
