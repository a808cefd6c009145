"""A login provider on this machine: OpenID Connect as far as ``st.login`` asks, for one person, without a form."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "claimwatch-tests", "only-for-tests"


@contextmanager
def provider(person: Mapping[str, str]) -> Iterator[str]:
    """Serve logins of ``person`` (claims such as name and email); yields the provider's address."""
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(person, key))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(person: Mapping[str, str], key: RSAKey) -> type[BaseHTTPRequestHandler]:
    nonces: dict[str, str | None] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            here, query = f"http://{self.headers['Host']}", parse_qs(asked.query)
            if asked.path == "/.well-known/openid-configuration":
                self._json(_configuration(here))
            elif asked.path == "/keys":
                self._json({"keys": [key.as_dict(private=False)]})
            elif asked.path == "/authorize":
                code = secrets.token_urlsafe(8)
                nonces[code] = query.get("nonce", [None])[0]
                back = urlencode({"code": code, "state": query["state"][0]})
                self.send_response(302)
                self.send_header("Location", f"{query['redirect_uri'][0]}?{back}")
                self.end_headers()
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            nonce = nonces.pop(form["code"][0])
            now = int(time.time())
            claims = {"iss": f"http://{self.headers['Host']}", "sub": "1", "aud": CLIENT, "iat": now, "exp": now + 600,
                      "nonce": nonce, **person}  # fmt: skip
            token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
            self._json({"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": token})

        def _json(self, body: Any) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


def _configuration(here: str) -> dict[str, Any]:
    return {
        "issuer": here, "authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token",
        "jwks_uri": f"{here}/keys", "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }  # fmt: skip
