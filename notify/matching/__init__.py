"""Many topics against one version. Pure, but for the run that asks them."""
