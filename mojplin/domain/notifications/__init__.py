"""Who is told of what, once: a job asks what is due and not yet sent, so that a missed night heals itself."""
