"""`python -m presswatch`."""

if __name__ == "__main__":
    from presswatch.cli import main

    main()
