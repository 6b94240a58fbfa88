"""One reader per file format; each raises DataError for content that does not match the format."""
