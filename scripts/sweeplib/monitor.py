# SPDX-License-Identifier: GPL-2.0-or-later
"""QMP, by QEMU's own client (qemu.qmp), for programs that wait for one answer at a
time and give up at a deadline."""

import asyncio
import logging
import socket
import time
from typing import Any, Awaitable, Dict, TypeVar, Union

from . import source  # pylint: disable=unused-import # makes qemu.qmp importable
# pylint: disable-next=wrong-import-order # pylint does not know what QEMU's is
from qemu.qmp import ExecuteError, Message, QMPClient, QMPError, Runstate

Answer = TypeVar('Answer')
# The ends of connections are told by exceptions, no log has to repeat them.
logging.getLogger('qemu.qmp').addHandler(logging.NullHandler())
logging.getLogger('qemu.qmp').propagate = False


class Died(Exception):
    """QEMU has closed its monitor."""


class TimedOut(Exception):
    """Nothing came in time."""


class Monitor:
    """A client of a QMP server.  Deadlines are times of time.monotonic()."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.client = QMPClient()

    def wait(self, what: Awaitable[Answer], deadline: float) -> Answer:
        """The result of an operation of the client, or TimedOut, or Died."""
        async def bounded() -> Answer:
            return await asyncio.wait_for(what, max(deadline - time.monotonic(), 0.01))

        try:
            return self.loop.run_until_complete(bounded())
        except asyncio.TimeoutError:
            raise TimedOut() from None
        except ExecuteError:
            raise
        except (QMPError, EOFError, OSError):
            raise Died() from None

    def connect(self, address: Union[str, socket.socket], deadline: float) -> None:
        """Connect to a socket, or the one of a path, and negotiate capabilities."""
        self.wait(self.client.connect(address), deadline)

    def command(self, name: str, deadline: float, /,
                **arguments: Any) -> Dict[str, Any]:
        """Run a command and return its reply, with the member "return" or "error".
        Events are kept for event()."""
        try:
            return {'return': self.wait(self.client.execute(name, arguments), deadline)}
        except ExecuteError as err:
            return {'error': {'class': err.error_class, 'desc': str(err)}}

    async def next_event(self) -> Message:
        """The next event, or EOFError if the connection ends before it comes."""
        event = asyncio.ensure_future(self.client.events.get())
        end = asyncio.ensure_future(self.client.runstate_changed())
        try:
            if self.client.runstate == Runstate.RUNNING:
                await asyncio.wait({event, end}, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(0)
            if event.done():
                return event.result()
            raise EOFError
        finally:
            event.cancel()
            end.cancel()

    def event(self, name: str, deadline: float) -> Dict[str, Any]:
        """The next event of a name; others that come before it are dropped."""
        while True:
            event = self.wait(self.next_event(), deadline)
            if event['event'] == name:
                return dict(event)

    def close(self) -> None:
        """End the connection, if there is one.  Why it had ended has been told by the
        command that it interrupted."""
        try:
            self.wait(self.client.disconnect(), time.monotonic() + 10)
        except (Died, TimedOut):
            pass
        self.loop.close()
