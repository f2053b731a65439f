"""LISTENS TO PLATFORMS. Verify, write down, answer 200. No decisions, no parsing."""

from webhooks.doors import register

__all__ = ["register"]
