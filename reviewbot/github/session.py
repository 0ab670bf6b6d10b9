"""One connection to GitHub through PyGithub: a blocking call, one at a time, tried once.

The library repeats a GET that answers 202 for half an hour, and loses the query of a list when it
follows a 301; both are taken out of its hands here. It also has no bound on what it reads.
"""

import logging
import time
from math import ceil
from typing import NoReturn

import requests
from github import Auth, Github
from github.Requester import HTTPSRequestsConnectionClass, RequestsResponse
from urllib3.exceptions import HTTPError

from reviewbot.github.answer import Answer, Failure
from reviewbot.github.call import GRAPHQL, Call
from reviewbot.github.redirect import origin

API_VERSION = "2022-11-28"
"""The shape of answers that every GitHub Enterprise Server in use still gives."""

_MOST = 64 << 20
_CHUNK = 64 << 10
_OWN_HANDS = frozenset({202, 301})
_STUMBLES = (AttributeError, TypeError, AssertionError, ValueError, ArithmeticError, LookupError)
"""What the library is known to raise over an odd answer, beside RuntimeError."""

# On import the library prints to standard error, and on DEBUG whole bodies.
logging.getLogger("github").handlers.clear()


class _TakenOver(Exception):
    """No error: an answer that the library must not see."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class _Read(RequestsResponse):
    """A response whose body was read already, within bounds of time and size."""

    def __init__(self, response: requests.Response, text: str) -> None:
        super().__init__(response)
        self._text = text

    def read(self) -> str:
        return self._text


class _Bounded(HTTPSRequestsConnectionClass):
    """A connection that reads no longer and no more than asked, and follows nothing."""

    def __init__(self, api_url: str) -> None:
        scheme, host, port = origin(api_url)
        super().__init__(host, port)
        self.protocol = scheme
        self.until = 0.0

    def getresponse(self) -> RequestsResponse:
        """Send what was set by ``request``, once.

        Raises:
            _TakenOver: with the answer, when the library would act on it.
        """
        with self.session.request(
            self.verb,
            f"{self.protocol}://{self.host}:{self.port}{self.url}",
            headers=self.headers,
            data=self.input,
            timeout=self.timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            text = self._text(response)
        if response.status_code in _OWN_HANDS:
            headers = {name.lower(): value for name, value in response.headers.items()}
            raise _TakenOver(Answer(status=response.status_code, headers=headers, text=text))
        return _Read(response, text)

    def _text(self, response: requests.Response) -> str:
        """The body, piece by piece: a timeout of the socket is one of each piece only."""
        body = bytearray()
        while piece := response.raw.read1(_CHUNK, decode_content=True):
            body += piece
            if len(body) > _MOST:
                _refuse(f"an answer of more than {_MOST >> 20} MiB")
            if time.monotonic() > self.until:
                raise TimeoutError
        return body.decode("utf-8", "surrogateescape")


def _refuse(what: str) -> NoReturn:
    raise requests.exceptions.ContentDecodingError(what)


class Session:
    """A PyGithub client and its connection, for one thread at a time.

    Args:
        token: sent with every call to the API's host, and to no other; empty sends none.
        api_url: ``https://api.github.com``, or that of an Enterprise Server.
        timeout: seconds for connecting, and for each piece of an answer.
    """

    def __init__(self, token: str, api_url: str, *, timeout: int) -> None:
        self._token = token
        self._requester = Github(
            auth=Auth.Token(token) if token else None,
            base_url=api_url.rstrip("/"),
            retry=None,
            timeout=timeout,
            per_page=100,
            user_agent="reviewbot",
            api_version=API_VERSION,
            seconds_between_requests=None,
            seconds_between_writes=None,
        ).requester
        self._timeout = timeout
        self._connection = _Bounded(api_url)

    def ask(self, call: Call, seconds: float) -> Answer:
        """Send a call and read the answer, in at most about so many seconds.

        The token is in no answer: a server that sends back what it was sent is not believed.
        """
        self._connection.until = time.monotonic() + seconds
        self._connection.timeout = max(1, ceil(min(seconds, self._timeout)))
        try:
            status, headers, text = self._requester.requestJson(
                call.verb,
                self._requester.graphql_url if call.path == GRAPHQL else call.path,
                dict(call.params),
                {"Accept": call.accept},
                call.body,
                cnx=self._connection,
            )
        except _TakenOver as taken:
            return self._clean(taken.answer)
        except (requests.RequestException, HTTPError, OSError) as error:
            return _lost("network", error)
        except (*_STUMBLES, RuntimeError) as error:
            return _lost("library", error)
        return self._clean(Answer(status=status, headers=headers, text=text))

    def _clean(self, answer: Answer) -> Answer:
        if not self._token or self._token not in answer.text:
            return answer
        text = answer.text.replace(self._token, "***")
        return Answer(status=answer.status, headers=answer.headers, text=text)


def _lost(failure: Failure, error: Exception) -> Answer:
    return Answer(status=0, failure=failure, text=type(error).__name__)
