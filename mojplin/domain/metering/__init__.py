"""Billed readings (the feed writes), submitted readings (customers write), consumption. Cubic metres with three places."""
