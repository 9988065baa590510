"""The shelf of measures by which units are ranked."""
