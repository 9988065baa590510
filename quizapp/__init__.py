"""Legal-knowledge competitions and training for city-management enforcement officers."""

__version__ = "0.1.0"
