"""Floor 2: the database door. Tables and every SQL statement."""
