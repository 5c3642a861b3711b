"""Pages of the wishes: the wall and a wish (``reading``), the order in three steps (``ordering``), acts (``acting``)."""
