"""The neural networks: the bundled model, what is trained on top of it, and how they are run.

`bundled` makes the model's folder. OpenVINO runs it (`runtime`, `graph`, `encoder`,
`passage_reader`), or else torch (`inference`, `transformer`, `reading_model`).
"""
