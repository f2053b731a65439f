"""Where everything is kept: facts, inbox, outbox and the audit log, on SQLite or PostgreSQL.

`books` opens it, `transaction` is one unit of work, and each promise of `core.ports` is kept by one module:
* what came in: `inbox`; `letterbox` and `group_commit` take a crowd at the doors, `directory` knows whose it is
* what goes out: `outbox` with `lanes` and `wishes`; `hooks`, `notices`, `mails`; `turns` lets shops take turns
* a shop: `shops`, `items`, `supply`, `arrivals`, `planning`, `demand`, `forecast_runs`, `renaming`
* orders: `orders`, in columns by `order_row`, sought by `order_marks`, summed by `order_sums`; `consolations`,
  `law_cases`
* what was: `audit`, `reports`; and pages of anything by `cursors`
* people: `access`, `sessions`, `second_factors`, `approvals`, `views`, `replies`; under lock by `secrets`, `relocking`
* processes: `clockwork`, `writer_lock`, `herald`; what differs between databases: `engine`, `faults`
* the schema: `tables`, `columns`, `codec`; brought up to date by `migrate`, looked over by `check` and `census`
* copies: `backup`, `restore`, `moving`, `turning_back`; forgetting: `privacy`, `retention`, `traces`
"""

from connectors.database import migrate
from connectors.database.books import DatabaseBooks, open_books

__all__ = ["DatabaseBooks", "migrate", "open_books"]
