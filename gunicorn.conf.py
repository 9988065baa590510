"""How the product is served (docs/adr/0005-gevent-workers.md). `make run` adds the address."""

import os

worker_class = "gevent"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_connections = 2000
backlog = 2048
keepalive = 75
timeout = 60
graceful_timeout = 5  # a save takes milliseconds; until then a restart refuses new phones
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
umask = 0o077  # the database holds names and results
control_socket_disable = True  # one per home folder: two installations would share it


def post_worker_init(worker):
    """Let the server close expired attempts itself; of all workers one makes the rounds."""
    # imported here: the worker has patched the standard library by now
    import gevent  # noqa: PLC0415

    from quizapp.web.rounds import start_rounds  # noqa: PLC0415

    start_rounds(worker.wsgi, gevent.spawn)
