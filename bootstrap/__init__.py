"""What `run` needs before anything is installed: the standard library and the pip of this folder, nothing else."""
