"""Pages of accounts: getting in (``entrance``), the code (``code``), looking after one's account, the second factor."""
