"""Readings: billed (the feed writes) and submitted (customers write), and consumption. Cubic metres, three places."""
