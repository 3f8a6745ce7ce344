"""`python -m bot.fake_redis PORT`: a pretended Redis over TCP for machines without a real one. It keeps nothing."""

import sys
from collections.abc import Callable
from typing import Any

import redis
from fakeredis import TcpFakeServer
from fakeredis._clients._tcp_server import TCPFakeRequestHandler


class AnsweringHandler(TCPFakeRequestHandler):
    """An error is an answer like any other: the connection stays open after it, as with a real server."""

    def setup(self) -> None:
        """Let errors be returned, which the writer then encodes, instead of raised, which would hang up."""
        super().setup()
        client: Any = self.current_client
        client.read_response = _returning_errors(client.read_response)


def _returning_errors(read: Callable[..., Any]) -> Callable[..., Any]:
    def read_response(*args: Any, **options: Any) -> Any:
        try:
            return read(*args, **options)
        except redis.ResponseError as error:
            return error

    return read_response


def main(port: int) -> None:
    """Serve on loopback until ended."""
    server = TcpFakeServer(("127.0.0.1", port), server_version=(7,))
    server.daemon_threads = True
    server.RequestHandlerClass = AnsweringHandler
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
