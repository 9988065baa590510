"""How much of a long piece of work goes into one transaction: nobody is to notice its lock."""

BUDGET_MS = 30
LEAST, MOST = 50, 500


def next_size(size: int, took_ms: float, *, budget_ms: float = BUDGET_MS) -> int:
    """Return how many rows the next slice takes, after one of `size` rows took `took_ms`.

    As many as fit into the budget, at most twice as many as before, within LEAST and MOST.
    """
    fitting = int(size * budget_ms / max(took_ms, 1.0))
    return max(LEAST, min(MOST, 2 * size, fitting))
