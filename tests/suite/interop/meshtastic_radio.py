"""A Meshtastic radio that only notes what it is sent: the stream protocol of its network
port, with a region set and one channel called Mine. Each admin message is a line."""

import socket
import struct
import sys

from meshtastic.protobuf import admin_pb2, channel_pb2, config_pb2, mesh_pb2, portnums_pb2

NUMBER = 0x12345678
REGION = config_pb2.Config.LoRaConfig.RegionCode.EU_868

channels = []
for index in range(8):
    channel = channel_pb2.Channel(index=index)
    if index == 0:
        channel.role = channel_pb2.Channel.Role.PRIMARY
        channel.settings.name = "Mine"
        channel.settings.psk = b"\x01"
    channels.append(channel)


def send(connection, message):
    body = message.SerializeToString()
    connection.sendall(b"\x94\xc3" + struct.pack(">H", len(body)) + body)


def configuration(connection, number):
    info = mesh_pb2.FromRadio()
    info.my_info.my_node_num = NUMBER
    send(connection, info)
    metadata = mesh_pb2.FromRadio()
    metadata.metadata.firmware_version = "2.7.0"
    send(connection, metadata)
    node = mesh_pb2.FromRadio()
    node.node_info.num = NUMBER
    node.node_info.user.id = "!12345678"
    node.node_info.user.long_name = "A radio"
    node.node_info.user.short_name = "R"
    send(connection, node)
    for part in ("device", "position", "power", "network", "display", "lora", "bluetooth", "security"):
        config = mesh_pb2.FromRadio()
        getattr(config.config, part).SetInParent()
        if part == "lora":
            config.config.lora.region = REGION
            config.config.lora.use_preset = True
        send(connection, config)
    for channel in channels:
        send(connection, mesh_pb2.FromRadio(channel=channel))
    send(connection, mesh_pb2.FromRadio(config_complete_id=number))


def note(connection, packet):
    if packet.decoded.portnum != portnums_pb2.PortNum.ADMIN_APP:
        return
    admin = admin_pb2.AdminMessage()
    admin.ParseFromString(packet.decoded.payload)
    what = admin.WhichOneof("payload_variant")
    if what == "set_channel":
        channel = admin.set_channel
        channels[channel.index].CopyFrom(channel)
        print("channel", channel.index, channel.settings.name or "-", channel.settings.psk.hex() or "-", flush=True)
    elif what == "set_config":
        print("region", admin.set_config.lora.region, flush=True)
    else:
        print("other", what, flush=True)
    if packet.decoded.want_response or packet.want_ack:
        answer = mesh_pb2.FromRadio()
        setattr(answer.packet, "from", NUMBER)
        answer.packet.to = NUMBER
        answer.packet.decoded.request_id = packet.id
        if what == "get_config_request":
            answer.packet.decoded.portnum = portnums_pb2.PortNum.ADMIN_APP
            reply = admin_pb2.AdminMessage(session_passkey=b"12345678")
            reply.get_config_response.sessionkey.SetInParent()
            answer.packet.decoded.payload = reply.SerializeToString()
        else:
            answer.packet.decoded.portnum = portnums_pb2.PortNum.ROUTING_APP
            answer.packet.decoded.payload = mesh_pb2.Routing(error_reason=0).SerializeToString()
        send(connection, answer)


def serve(connection):
    stream = connection.makefile("rb")
    while True:
        # Before a message may stand bytes that wake a sleeping radio.
        byte = stream.read(1)
        if not byte:
            return
        if byte != b"\x94" or stream.read(1) != b"\xc3":
            continue
        body = stream.read(struct.unpack(">H", stream.read(2))[0])
        message = mesh_pb2.ToRadio()
        message.ParseFromString(body)
        if message.HasField("want_config_id"):
            configuration(connection, message.want_config_id)
        elif message.HasField("packet"):
            note(connection, message.packet)


server = socket.create_server(("127.0.0.1", 0))
print("port", server.getsockname()[1], flush=True)
while True:
    connection, _ = server.accept()
    try:
        serve(connection)
    except ConnectionError:
        pass
    connection.close()
    print("closed", flush=True)
