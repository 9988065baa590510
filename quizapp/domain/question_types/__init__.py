"""The shelf of question types."""
