"""Who may ask the server, how much, and what they are told where they may not."""
