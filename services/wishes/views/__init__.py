"""Pages of the wishes: the wall and a wish (``reading``), ordering in three steps (``ordering``), acts (``acting``)."""
