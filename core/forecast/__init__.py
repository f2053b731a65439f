"""What will be asked for, and what to order for it: history, forecast, supply side, stock policy, the habit alarm.

* the night: `nightly` runs all; `observing` keeps what nobody could tell later, `telling` makes orders demand
* history to arrays: `past`, `series`, `promotions`
* forecast: `shop` for all items by `choosing` a method (`smoothing`, judged by `rolling`), with `pace` and `spread`
* stock: `lead_times`, `reach`, `replay`, `stock`, `classes`; what to order now: `positions`, `ordering`, `lot_sizes`
* said: `sentences`, `digest`, `habit`

Loads nothing by itself: pages read stored results (`core.forecast.records`) and need no arrays for that.
"""
