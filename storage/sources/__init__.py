"""Questions about sources: polls, sightings, gaps, backfills, habits, health, robots.txt."""
