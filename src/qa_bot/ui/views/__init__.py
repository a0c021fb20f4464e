"""What the page shows: records in, HTML out. Each view has its templates in `../templates/`."""
