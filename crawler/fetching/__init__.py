"""How an answer is had, and what went wrong where there is none, as a reason code."""
