"""The composition root: settings become parts, the parts one running program. It owns the clock, chance and signals."""
