"""Get pages and records politely, and turn each into a Document."""
