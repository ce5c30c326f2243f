"""RSS, Atom, RDF, JSON Feed and sitemaps. Pure."""
