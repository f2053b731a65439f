"""Mail: words in the customer's language, HTML for mail programs, and the way to the server.

`office.open_office` returns the post office (`core.messages.correspondence.PostOffice`); without a server it words
mails only.
`bounces.open_mailbox` returns where mail that did not arrive is reported.
"""

from connectors.mail.bounces import open_mailbox
from connectors.mail.office import Office, open_office
from connectors.mail.transports import Console, Memory

__all__ = ["Console", "Memory", "Office", "open_mailbox", "open_office"]
