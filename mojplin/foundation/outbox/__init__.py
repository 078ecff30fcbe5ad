"""Messages posted in the caller's transaction and delivered at least once; the id lets a receiver drop doubles."""
