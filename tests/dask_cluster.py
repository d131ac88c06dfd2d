"""A real Dask cluster for a test: worker processes on this machine, spoken to over TCP."""

from collections.abc import Iterator
from contextlib import contextmanager

from distributed import LocalCluster


@contextmanager
def cluster(*, workers: int) -> Iterator[str]:
    """The address of the scheduler, tcp://…, while the block lasts."""
    # every port is chosen by the system, as other tests may have clusters of their own at the same time
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", scheduler_port=0, dashboard_address="127.0.0.1:0"
    ) as running:
        yield str(running.scheduler_address)
