"""What the office publishes for anybody to read: notices in a crisis, pages. The office writes."""
