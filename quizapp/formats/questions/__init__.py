"""Questions from the files that trainers have: one reader per kind of file."""
