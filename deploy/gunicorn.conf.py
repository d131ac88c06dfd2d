"""How the site is served: threads, since a request waits for the database more than it computes.

The number of processes is $WEB_CONCURRENCY (one for each core), and any option can be overridden in $GUNICORN_CMD_ARGS.
"""

from pathlib import Path

bind = "0.0.0.0:8000"  # inside the container; the proxy is what the world sees
worker_class = "gthread"
threads = 8
graceful_timeout = 30
keepalive = 5
# A process is renewed now and then; the spread keeps all from doing it at once.
max_requests = 10_000
max_requests_jitter = 2_000
# No access log: addresses and times together would be data about children.
accesslog = None
control_socket_disable = True
_memory = Path("/dev/shm")  # noqa: S108  (gunicorn makes files with unguessable names there)
worker_tmp_dir = str(_memory) if _memory.is_dir() else None
