"""Sites that answer as no site should: three hundred by hand, and as many more as are asked for by a seed."""
