"""What of a message customers see besides its words."""

from __future__ import annotations

from chalicelib.cases.messages import Direction, Message


def has_page(message: Message, *, for_staff: bool) -> bool:
    """Whether the message can be shown as a page. A page is the whole mail with all that it quotes: customers get
    those that they proved to have written, not what a colleague passed on or a stranger wrote into their case."""
    theirs = message.verified and message.forwarded is None
    return message.html_key is not None and (for_staff or theirs)


def has_files(message: Message, *, for_staff: bool) -> bool:
    """Whether the files of the message are shown. Customers get none of notes, nor of mail that a colleague passed on:
    nothing proves that they sent it, and the colleague's own files are among them."""
    return for_staff or (message.direction is not Direction.NOTE and message.forwarded is None)
