"""The search index: the only place that knows tantivy. All of it can be rebuilt."""
