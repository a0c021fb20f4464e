"""From the passages found to the answer that is shown."""
