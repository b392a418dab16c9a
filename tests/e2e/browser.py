"""A headless Chromium, driven through its own pipe: enough to open a page, fill in its form and send it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.local.demo.desk import wait_for

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
_OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe")


class Browser:
    """One tab. Calls of the DevTools protocol go out and come back as JSON, each ended by a zero byte."""

    def __init__(self, into: int, out: int) -> None:
        self._into, self._out = os.fdopen(into, "wb", 0), os.fdopen(out, "rb")
        self._count = 0
        self._session: str | None = None
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def open(self, url: str) -> None:
        self._call("Page.navigate", url=url)
        assert wait_for(lambda: self.run("document.readyState") == "complete", 20)

    def run(self, script: str) -> Any:
        """The value of a line of JavaScript on the page; None while the page is being changed."""
        return self._call("Runtime.evaluate", expression=script, returnByValue=True).get("result", {}).get("value")

    def is_at(self, start: str) -> bool:
        """Whether the tab has come to an address that begins so, within 20 seconds."""
        return bool(wait_for(lambda: str(self.run("location.href")).startswith(start), 20))

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        return str(self.run("document.body.innerText"))

    def _call(self, method: str, **params: Any) -> Any:
        self._count += 1
        asked = {"id": self._count, "method": method, "params": params}
        self._into.write(json.dumps(asked | ({"sessionId": self._session} if self._session else {})).encode() + b"\0")
        while (answer := self._read()).get("id") != self._count:
            pass
        return answer.get("result", {})

    def _read(self) -> Any:
        content = bytearray()
        while (byte := self._out.read(1)) != b"\0":
            assert byte, "the browser has gone"
            content += byte
        return json.loads(content)

    def close(self) -> None:
        self._call("Browser.close")
        self._into.close()
        self._out.close()


@contextmanager
def a_browser(profile: Path) -> Iterator[Browser]:
    """A browser that knows nothing of an earlier one."""
    assert CHROMIUM
    their_in, our_in = os.pipe()
    our_out, their_out = os.pipe()
    # Chromium reads from descriptor 3 and writes to 4, whatever they were called here.
    command = f'exec "$0" "$@" 3<&{their_in} 4>&{their_out}'
    started = subprocess.Popen(
        ["/bin/bash", "-c", command, CHROMIUM, *_OPTIONS, f"--user-data-dir={profile}"],
        pass_fds=(their_in, their_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(their_in)
    os.close(their_out)
    try:
        browser = Browser(our_in, our_out)
        yield browser
        browser.close()
        started.wait(20)
    finally:
        started.kill()
        started.wait(20)
