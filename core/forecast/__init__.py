"""What will be asked for, and what to order for it: history, forecast, supply side, stock policy, the habit alarm.

Loads nothing by itself: pages read stored results (`core.forecast.records`) and need no arrays for that.
"""
