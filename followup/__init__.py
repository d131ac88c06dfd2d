"""Act: findings, decisions and what the class is told."""
