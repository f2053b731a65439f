"""What ought to stand at the shop, and taking it back.

* `desired`: tags, holds, fulfilments, promises and deadlines of a plan, as actions
* `order_note`: the words beside them, for the people who pack
* `undoing`: what of ours a person takes back and keeps away; `our_tags` tell which tags are ours
"""
