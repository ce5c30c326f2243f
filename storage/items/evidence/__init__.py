"""The evidence: what was fetched for each version, in WARC files whose records are chained by their digests.

    evidence/chain.txt                  a line for each record, each held to all before it: `chain`
    evidence/NODE-000001.warc.gz        WARC 1.1, a gzip member a record, begun anew after `folder.ROTATED` bytes
    evidence/set-aside/                 what a killed process left behind the last record that counts

A row of the table `evidence` is written with its version, in one transaction, after the bytes and before the line. So
what is behind the last row's record counts for nothing, and what the chain file lacks can be written from the rows.
"""
