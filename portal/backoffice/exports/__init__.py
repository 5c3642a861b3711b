"""Excel out of the desk's lists: requested by one, approved by another, masked, watermarked, expiring.

``sources`` what may leave and who may ask · ``columns`` what many lists share · ``access`` who may do what ·
``listing`` the rows of a list as somebody sees them · ``asking``, ``deciding``, ``building``, ``handing_out``,
``ending`` the acts · ``workbook`` the file itself · ``offering`` the way to it · ``waiting`` the to-do · ``news`` what
people are told · ``terms`` bounds, and what a community decides for itself · ``purpose`` its place in the register.
"""
