"""The index in a folder: SQLite, FAISS and Tantivy."""
