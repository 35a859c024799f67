"""The domain: what papers, piles, notes and queries are. Pure: no I/O, no clock."""
