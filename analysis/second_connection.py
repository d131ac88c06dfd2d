"""A second connection that does half of a large reading at the same time, seeing exactly what the first one sees."""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from psycopg.sql import SQL, Literal

log = logging.getLogger(__name__)

WAITING_CHUNKS = 16
"""So many finished chunks wait at most, about 3 MB; then the second connection waits for the first."""

Work = Callable[[psycopg.Cursor[Any]], Iterator[bytes]]


class Helper(threading.Thread):
    """Runs work on a connection of its own and hands over what it yields."""

    def __init__(self, raw: psycopg.Connection[Any], snapshot: str, settings: str, work: Work) -> None:
        super().__init__(name="second-connection", daemon=True)
        self._raw, self._snapshot, self._settings, self._work = raw, snapshot, settings, work
        self._chunks: queue.Queue[bytes | Exception | None] = queue.Queue(maxsize=WAITING_CHUNKS)
        self._unwanted = threading.Event()

    def run(self) -> None:
        """Yield chunks into the queue, then None; an error in the place of None."""
        end: Exception | None = None
        try:
            with self._raw.transaction(), psycopg.Cursor(self._raw) as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute(SQL("SET TRANSACTION SNAPSHOT {}").format(Literal(self._snapshot)))
                cursor.execute(self._settings.encode())
                for chunk in self._work(cursor):
                    if not self._put(chunk):
                        break
        except psycopg.Error as error:
            end = error
        self._put(end)

    def ready(self) -> Iterator[bytes]:
        """What is finished by now."""
        while not self._chunks.empty():
            chunk = self._chunks.get_nowait()
            if not isinstance(chunk, bytes):
                self._chunks.put(chunk)  # the end is for rest() to see
                return
            yield chunk

    def rest(self) -> Iterator[bytes]:
        """What is still to come; raises what went wrong over there."""
        while (chunk := self._chunks.get()) is not None:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk

    def stop(self) -> None:
        """End the work, finished or not."""
        self._unwanted.set()
        if self.is_alive():
            self._raw.cancel()
        self.join()

    def _put(self, chunk: bytes | Exception | None) -> bool:
        while not self._unwanted.is_set():
            try:
                self._chunks.put(chunk, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False


@contextmanager
def helper_for(cursor: psycopg.Cursor[Any], settings: str, work: Work) -> Iterator[Helper | None]:
    """A running helper that sees what the cursor's transaction (REPEATABLE READ) sees; None when no connection is to be had."""
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        other.ensure_connection()
    except OperationalError:
        log.info("no second connection for a large reading; one does it all")
        yield None
        return
    (snapshot,) = cursor.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
    helper = Helper(other.connection, snapshot, settings, work)
    helper.start()
    try:
        yield helper
    finally:
        helper.stop()
        other.close()
