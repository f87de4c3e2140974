"""Documents that are read from beginning to end: the report that the ministry sends upward."""
