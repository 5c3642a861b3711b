"""Tables of the back office, one part a file."""

from .exports import Export, ExportDownload, ExportState

__all__ = ["Export", "ExportDownload", "ExportState"]
