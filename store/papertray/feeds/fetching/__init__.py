"""Fetching: from addresses to files that readers read. The only place that knows the network."""
