"""The office's questions across all rooms: finding a customer, what is shown of one and why. Has no tables."""
