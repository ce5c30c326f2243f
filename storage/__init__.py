"""What is known: the bottom of the house. Imports nobody of ours."""
