"""Mail as HTML: the stored page of a message, its images by links that soon end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.audit.model import Actor
from chalicelib.cases.files import LINK_SECONDS, VIEWED, CaseFiles
from chalicelib.cases.mail_page import Page, Picture, page, pictured
from chalicelib.cases.messages import Attachment, Texts
from chalicelib.cases.sight import has_page
from chalicelib.platform.errors import NotFound


@dataclass(frozen=True)
class OpenedPage:
    """A page whose images can be fetched until `until`; `images` are the numbers of the files that it shows."""

    page: Page
    images: tuple[int, ...]
    until: datetime


@dataclass(frozen=True)
class MailPages:
    files: CaseFiles
    texts: Texts

    def open(self, case_id: str, message_id: str, actor: Actor, *, for_staff: bool) -> OpenedPage:
        """The page of a message. One query for each hundred lines of the timeline, one object, one write: the audit
        entry. Raises NotFound, also for a message without a page for who asks, and Unavailable."""
        _, message = self.files.find(case_id, message_id)
        if message.html_key is None or not has_page(message, for_staff=for_staff):
            raise NotFound
        stored, now = self.texts.get(message.html_key), self.files.clock()
        named = pictured(stored)
        files = enumerate(message.attachments, 1)
        pictures = {number: self._picture(file) for number, file in files if number in named}
        self.files.note("message.page_opened", case_id, message.html_key, actor, now)
        self.files.count("MailPageOpened")
        images = tuple(number for number, picture in pictures.items() if picture.url)
        return OpenedPage(page(stored, pictures), images, now + timedelta(seconds=LINK_SECONDS))

    def _picture(self, file: Attachment) -> Picture:
        may_be_shown = file.sniffed and not file.held and file.content_type in VIEWED
        return Picture(file.name, self.files.link(file) if may_be_shown else None)
