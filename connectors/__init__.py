"""SPEAK. One folder per outside system; none knows another.

Beside them what is too small for a folder:
* `guard` connects to addresses that strangers gave, and to none inside; `hooks` posts events to other tools
* `left_out` lets a list go on without the one record that nobody understands; `well_formed` says which ones are that
* `keys` signs and locks; `catalogues` are translated sentences; `logs` is how we log
"""
