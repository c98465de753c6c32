# SPDX-License-Identifier: AGPL-3.0-or-later
"""multipart/related (RFC 2387) as N50 has it: JSON first or last, and parts of octets that it names by Content-Id."""
import email.message
import json
from typing import Any

NGAP = "application/vnd.3gpp.ngap"


def split(content_type: str, body: bytes) -> tuple[Any, dict[str, bytes]]:
    """The JSON (plain or of a multipart body), and the other parts by Content-Id. ValueError says what is wrong."""
    header = email.message.Message()
    header["content-type"] = content_type
    if header.get_content_type() == "application/json":
        return json.loads(body), {}
    if header.get_content_type() != "multipart/related":
        raise ValueError(f"content type {content_type}")
    boundary = header.get_param("boundary")
    if not boundary:
        raise ValueError("no boundary")
    if header.get_param("type") not in (None, "application/json"):
        raise ValueError(f"the root's type is {header.get_param('type')}")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise ValueError("no last delimiter")
    root, parts = None, {}
    for piece in pieces[1:-1]:
        headers, octets = _part(piece)
        if headers.get_content_type() == "application/json":
            root = json.loads(octets)
        else:
            parts[(headers["content-id"] or "").strip("<>")] = octets
    if root is None:
        raise ValueError("no part with JSON")
    return root, parts


def _part(piece: bytes) -> tuple[email.message.Message, bytes]:
    if not piece.startswith(b"\r\n"):
        raise ValueError(f"octets after a delimiter: {piece[:20]!r}")
    head, found, octets = piece[2:].partition(b"\r\n\r\n")
    if not found:
        raise ValueError("a part without an empty line")
    headers = email.message.Message()
    for line in head.decode().split("\r\n"):
        name, _, value = line.partition(":")
        headers[name] = value.strip()
    return headers, octets


def join(root: Any, parts: dict[str, bytes], boundary: str = "peer-0123456789", quoted: bool = True, json_last: bool = False,
         brackets: bool = False) -> tuple[str, bytes]:
    """Content type and body. The last three are what parsers must bear."""
    pieces = [b"Content-Type: application/json\r\n\r\n" + json.dumps(root).encode()]
    for name, octets in parts.items():
        named = f"<{name}>" if brackets else name
        pieces.append(f"Content-Type: {NGAP}\r\nContent-Id: {named}\r\n\r\n".encode() + octets)
    if json_last:
        pieces.reverse()
    delimiter = b"--" + boundary.encode()
    body = b"".join(delimiter + b"\r\n" + piece + b"\r\n" for piece in pieces) + delimiter + b"--\r\n"
    return f"multipart/related; boundary={json.dumps(boundary) if quoted else boundary}; type=\"application/json\"", body
