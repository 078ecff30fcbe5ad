"""What holds for every tank of liquefied gas."""

FULL_PERCENT = 85
"""A tank is never filled further: the liquid must have room to expand."""
