"""Migration 0001 knows `uuid7` by this address."""

from pocket.web.keys import uuid7

__all__ = ["uuid7"]
