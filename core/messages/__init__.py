"""What customers are told: which message, in which words, in which mail, and when it leaves.

* what is to be told: `notices`, kept as drafts by `outreach`; `offer_letter` for priced choices
* what leaves: `post_rules`; what would: `post_outlook`; what would have: `notices_past`
* in which words: `wording`, `sample_letters`, `colours`; `correspondence` is what the rooms ask of each other
"""
