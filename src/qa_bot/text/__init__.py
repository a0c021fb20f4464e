"""Text in any language: its terms, sentences, dates, and what qa_bot itself says."""
