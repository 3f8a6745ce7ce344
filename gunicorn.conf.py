"""How gunicorn serves the web process: one process, eight threads, no outbound call inside a request."""

from bot.judging import settings_or_exit
from bot.starting import store_or_exit

_settings = settings_or_exit()
store_or_exit(_settings)

# Practice stays on this machine; a server is reached from outside.
bind = f"{'127.0.0.1' if _settings.is_practice else '0.0.0.0'}:{_settings.port}"  # noqa: S104
# Hosts set WEB_CONCURRENCY=2 for half a gigabyte; worker and clock need that room, and threads suffice.
workers = 1
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 75
# Not needed, and it would be shared by every program of this user.
control_socket_disable = True
loglevel = "warning"
