"""MOVES. Takes deliveries in, keeps the plan up to date, carries actions out, and keeps the clock.

* in: `intake`, a batch of deliveries: `reading` from the shop, `storing` in the books; `reconcile` compares without any
* out: `sending` actions, `hooks` events, `post` mails worded by `letters` or left to other tools (`handing`), `bounces`
* threads: `loop`, `bell`, `leases`, `claiming`, `enduring`; the `clock` is one process's
* by night and for long: `forecasting`, `history`, `progress`
* `errands` for people who wait: with `approvals`, `rotation`, `anew`; `privacy` forgets
"""
