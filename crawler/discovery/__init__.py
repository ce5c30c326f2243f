"""An address becomes a proposed source with a preview; what a watched section reads otherwise than before."""
