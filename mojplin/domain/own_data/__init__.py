"""A person's own data across all rooms: the copy they may take with them, and erasing. Has no tables of its own."""
