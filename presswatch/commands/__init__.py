"""The commands, one module a noun. Each asks one public function and prints what it answers."""
