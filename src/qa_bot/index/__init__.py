"""What articles are kept in: the store, and the indexes derived from it."""
