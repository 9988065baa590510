"""Floor 2: the file door. Bytes to rows and back; no database."""
