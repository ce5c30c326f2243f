"""The desk's pages and the API: thin, they call `presswatch.actions`."""
