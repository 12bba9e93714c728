"""An object store on this computer, and before it who ends TLS and notes every byte.

Both are what a cloud is: arguments are a folder, a certificate and its key. It says on which
port it listens. When standard input ends, all that the store holds is written to the folder.
"""

import http.client
import http.server
import os
import ssl
import sys
import threading

import boto3
from moto.server import ThreadedMotoServer

folder, certificate, key = sys.argv[1:4]
store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
store.start()
host, port = store.get_host_and_port()
noted = open(os.path.join(folder, "seen"), "ab")
one_at_a_time = threading.Lock()


def note(*parts):
    with one_at_a_time:
        for part in parts:
            noted.write(part)
        noted.flush()


class Between(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def forward(self):
        body = self.body()
        note(self.raw_requestline, bytes(self.headers), body)
        behind = http.client.HTTPConnection(host, port)
        behind.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("connection", "transfer-encoding", "expect", "content-length"):
                behind.putheader(name, value)
        behind.putheader("Content-Length", str(len(body)))
        behind.endheaders(body)
        answer = behind.getresponse()
        content = answer.read()
        note(str(answer.headers).encode(), content)
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        length = answer.headers.get("Content-Length") if self.command == "HEAD" else len(content)
        self.send_header("Content-Length", str(length or 0))
        self.end_headers()
        self.wfile.write(content)
        behind.close()

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = forward

    def log_message(self, *_):
        pass


between = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
between.socket = context.wrap_socket(between.socket, server_side=True)
threading.Thread(target=between.serve_forever, daemon=True).start()
print(f"listening on {between.server_address[1]}", flush=True)

sys.stdin.read()
client = boto3.client(
    "s3",
    endpoint_url=f"http://{host}:{port}",
    aws_access_key_id="owner",
    aws_secret_access_key="owner",
    region_name="us-east-1",
)
held = open(os.path.join(folder, "held"), "wb")
count = 0
for bucket in client.list_buckets()["Buckets"]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"])
    for page in pages:
        for item in page.get("Contents", []):
            answer = client.get_object(Bucket=bucket["Name"], Key=item["Key"])
            held.write(f"{bucket['Name']}/{item['Key']}\n{answer['Metadata']}\n".encode())
            held.write(answer["Body"].read() + b"\n")
            count += 1
held.close()
print(f"held {count}", flush=True)
os._exit(0)
