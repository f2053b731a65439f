"""LISTENS TO PLATFORMS. Verify, write down, answer 200. No decisions, no parsing."""

from webhooks.porch import register

__all__ = ["register"]
