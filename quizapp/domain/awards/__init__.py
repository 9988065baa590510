"""The shelf of award rules."""
