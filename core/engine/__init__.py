"""The engine: `planner.plan` turns facts into a plan. Who gets scarce units, what leaves now, when the rest comes.

* facts to queues: `demand`, `supply`, `order_of_service`, on one `ledger` with its `curves`
* who gets what: `promises` set aside first, then a policy of `allocation`, then `release`: what may leave today
* queues to plan: `decisions`, `pegs`, `oversell`, `plan_exceptions`
* plain facts, which are most: the same plan from `closed_form` and `plain_plan`, many times faster
"""
