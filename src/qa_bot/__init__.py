"""qa_bot: ask newspaper articles a question, and get the answer with verbatim, cited quotes."""
