"""What text messages and mail have in common: how it is said that one did not go out."""


class NotSent(Exception):
    """The message was not handed over.

    ``uncertain``: it may have gone out all the same. ``permanent``: the other side will never take it, so that trying
    again is of no use. The words of it hold no address, no number and no text.
    """

    def __init__(self, message: str, *, uncertain: bool = False, permanent: bool = False) -> None:
        super().__init__(message)
        self.uncertain = uncertain
        self.permanent = permanent
