"""One reader per file format; each raises DataError for anything that is not what its name promises."""
