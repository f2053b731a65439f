"""Whole shops on localhost: for the demo, the tests and load.

* `shopify` and `woocommerce` answer as the platforms do, each by its own rules; `schema` is Shopify's own
* for both: `serving` on a port, `hooks` sent out, `faults` on demand, a `journal` of calls, in words by `spoken`
* the demo: `demo` starts it, `script` draws what happens, `people` do it, `story` tells it, `demo_clock` is its time
"""
