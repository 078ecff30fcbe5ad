"""Moving out: the day and reading of a hand-over, said by the side that leaves and confirmed by the one that comes."""
