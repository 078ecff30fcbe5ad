"""The door for mails that come in: customers' answers to what the office wrote to them."""
