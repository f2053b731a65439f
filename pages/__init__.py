"""Pages for people: the merchant's, the customer's, and the JSON API. One view, one use case, one template.

`rooms` opens them all; `commands` are loaded without them. A module with a blueprint has the addresses of one subject;
those without say how something is shown (`..._view`, `..._words`, `..._chart`) or read what was typed (`..._form`).
* one shop's day: `board`, `orders` and `order_list`, `several` at once, `items`, `incoming`, `reorder`, `drafts`,
  `what_if`
* an order's page: `order_view`, `order_choices`, `undo_choices`, `why`, `timeline`, `weighing`, `consoled`, `promising`
* told and given: `messages`, `coming_messages`, `message_editor`, `offers`, `evidence`
* settings: `policy` with its fields in `policy_words`, `people`, `tokens`, `tools`, `connect`, `install`, `woocommerce`
* how it goes: `reports`, `health`, `shop_health`, `activity`, `first_steps`
* customers: `customer` and all `customer_...`, `unsubscribing`
* every page: `visitor`, `sign_in`, `second_factor`, `embedded`, `security`, `guessing`, `errors`, `changes`,
  `languages`, `printing`, `words`, `retelling`
* programs: `api`
"""
