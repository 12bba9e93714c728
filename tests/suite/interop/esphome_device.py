"""A stand-in for an ESPHome device: the server's half of its encrypted API. Reads the
lines that are exported for its YAML, and notes what a client asked."""

import socket
import struct
import sys

import yaml
from aioesphomeapi import api_pb2
from noise.connection import NoiseConnection

with open(sys.argv[1], encoding="utf-8") as file:
    key = yaml.safe_load(file)["api"]["encryption"]["key"]


def read(stream, count):
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def frame(stream):
    assert read(stream, 1) == b"\x01"
    return read(stream, struct.unpack(">H", read(stream, 2))[0])


def send(connection, data):
    connection.sendall(b"\x01" + struct.pack(">H", len(data)) + data)


def serve(connection):
    import base64

    stream = connection.makefile("rb")
    frame(stream)
    noise = NoiseConnection.from_name(b"Noise_NNpsk0_25519_ChaChaPoly_SHA256")
    noise.set_as_responder()
    noise.set_psks(base64.b64decode(key, validate=True))
    noise.set_prologue(b"NoiseAPIInit\x00\x00")
    noise.start_handshake()
    hello = frame(stream)
    send(connection, b"\x01lamp\x00")
    try:
        noise.read_message(hello[1:])
    except Exception:
        send(connection, b"\x01Handshake MAC failure")
        print("refused", flush=True)
        return
    send(connection, b"\x00" + noise.write_message())
    answers = {
        1: (2, api_pb2.HelloResponse(api_version_major=1, api_version_minor=10, name="lamp")),
        3: (4, api_pb2.ConnectResponse()) if hasattr(api_pb2, "ConnectResponse") else None,
        5: (6, api_pb2.DisconnectResponse()),
        7: (8, api_pb2.PingResponse()),
        9: (10, api_pb2.DeviceInfoResponse(name="lamp", friendly_name="Dinner at eight")),
    }
    while True:
        message = noise.decrypt(frame(stream))
        kind = struct.unpack(">H", message[:2])[0]
        if answers.get(kind):
            number, answer = answers[kind]
            body = answer.SerializeToString()
            send(connection, noise.encrypt(struct.pack(">HH", number, len(body)) + body))


server = socket.create_server(("127.0.0.1", 0))
print("port", server.getsockname()[1], flush=True)
while True:
    connection, _ = server.accept()
    try:
        serve(connection)
    except (EOFError, ConnectionError):
        pass
    connection.close()
