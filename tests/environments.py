"""The environment in which a test lets the service run."""

from cryptography.fernet import Fernet


def set_up(database_url, **settings):
    """Return the settings of a service over these books: keys of its own, stores on this machine let in, errors logged.

    `settings` are added, or replace what stands there.
    """
    return {
        "BACKORDER_DATABASE_URL": database_url,
        "BACKORDER_SECRET_KEY": "a-secret-for-tests",
        "BACKORDER_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "BACKORDER_ALLOW_PRIVATE_STORES": "1",
        "BACKORDER_LOG_LEVEL": "ERROR",
        **settings,
    }
