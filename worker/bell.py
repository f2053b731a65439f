"""The bell: wakes this process' idle worker threads when there is something to do."""

import threading

_news = threading.Condition()


def ring() -> None:
    """Wake everyone who waits."""
    with _news:
        _news.notify_all()


def wait(seconds: float) -> None:
    """Return when the bell rings, or after so many seconds."""
    with _news:
        _news.wait(seconds)
