"""`python -m presswatch.demo`: the replica alone, without presswatch."""

from presswatch.demo.control import main

main()
