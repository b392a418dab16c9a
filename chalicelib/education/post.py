"""The post of the desk with an ear: what other domains write says what a customer may need help with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from chalicelib.accounts.letters import Letter, Post
from chalicelib.platform.dynamo import Write


class QueueingPost(Post, Protocol):
    """A post that can also queue a letter in the transaction of what it is about."""

    def queued(self, letter: Letter) -> Write:
        """The write that queues it; fails when it was queued before."""
        ...


@dataclass(frozen=True)
class HeardPost:
    """Each of `hearers` is told of each letter once it is queued, and again for a repeat, so that a crash between
    loses nothing. Letters that stand in the transaction of another domain are not heard."""

    post: QueueingPost
    hearers: tuple[Callable[[Letter], None], ...]

    def send(self, letter: Letter) -> bool:
        """Queue it, once: False for a repeat. Raises Unavailable; send it again then."""
        is_new = self.post.send(letter)
        for hear in self.hearers:
            hear(letter)
        return is_new

    def queued(self, letter: Letter) -> Write:
        """The write that queues it, for a transaction."""
        return self.post.queued(letter)
