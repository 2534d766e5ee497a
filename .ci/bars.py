"""What .ci/bars asks: a name server that knows one name, and a repository behind TLS that bears it."""

import hashlib
import http.server
import io
import json
import socket
import ssl
import sys
import threading
import zipfile

NAME = "plugins.bars.test"


def names():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    while True:
        asked, sender = server.recvfrom(512)
        end = 12
        while asked[end]:
            end += asked[end] + 1
        name = asked[13:end].replace(bytes([4]), b".").decode("latin-1").lower()
        question = asked[12 : end + 5]
        known = question[-4:-2] == b"\x00\x01"
        print("asked for", name, flush=True)
        answer = asked[:2] + b"\x81\x80" + b"\x00\x01" + (b"\x00\x01" if known else b"\x00\x00") + b"\x00" * 4 + question
        if known:
            answer += b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x7f\x00\x00\x01"
        server.sendto(answer, sender)


def plugin():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("plugin", "of the bars")
    return held.getvalue()


ZIP = plugin()
LIST = json.dumps([{
    "id": "Armory.AWSCATsOnEvent",
    "description": "of the bars",
    "provider": "bars",
    "releases": [{
        "version": "0.2.1",
        "date": "2022-01-01T00:00:00.000Z",
        "requires": "gate>=0.0.0,clouddriver>=0.0.0",
        "sha512sum": hashlib.sha512(ZIP).hexdigest(),
        "url": f"https://{NAME}:8443/plugin.zip",
    }],
}]).encode()


class Repository(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = ZIP if self.path.endswith(".zip") else LIST
        print("host", self.headers["host"], self.path, flush=True)
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


threading.Thread(target=names, daemon=True).start()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 8443), Repository)
server.socket = context.wrap_socket(server.socket, server_side=True)
print("ready", flush=True)
server.serve_forever()
