"""Who gets what at every address: the world (``world``), the expectations (``rows``, ``desk_rows``), how they are
asked (``grid``). ``tests/test_matrix.py`` fails for an address that no row names.
"""
