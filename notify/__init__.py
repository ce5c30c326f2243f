"""Items become alerts, alerts reach people. Knows people, never pages."""
