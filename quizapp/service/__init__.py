"""Floor 3: one function is one use case, one transaction, one journal entry."""
