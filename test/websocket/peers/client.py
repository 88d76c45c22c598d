"""Talks to an echo server with the package `websockets`, and fails where anything comes back otherwise than it went."""

import asyncio
import os
import sys

import websockets

PORT = int(sys.argv[1])
SCENARIO = sys.argv[2]
URL = f"ws://127.0.0.1:{PORT}/"


async def echo(socket, message):
    await socket.send(message)
    answer = await asyncio.wait_for(socket.recv(), 10)
    assert type(answer) is type(message), (type(answer), type(message))
    assert answer == message, f"{len(message)} sent, {len(answer)} received"


async def messages(socket):
    for message in ["", "Hello", "grüße ☃ 😀", b"", bytes(range(256)), "x" * 125, "x" * 126, "x" * 65536]:
        await echo(socket, message)
    await echo(socket, os.urandom(1 << 20))


async def fragments(socket):
    await socket.send(["in ", "three ", "parts"])
    assert await socket.recv() == "in three parts"
    await socket.send([b"\x00", b"", b"\xff"])
    assert await socket.recv() == b"\x00\xff"


async def ping(socket):
    for payload in [b"", b"are you there?", bytes(125)]:
        pong = await socket.ping(payload)
        await asyncio.wait_for(pong, 10)


async def context_takeover(socket):
    assert [type(extension).__name__ for extension in socket.extensions] == ["PerMessageDeflate"]
    noise = os.urandom(4000)
    for _ in range(20):
        await echo(socket, noise)
        await echo(socket, "the same words again and again " * 20)
    await echo(socket, "a" * (1 << 20))
    await fragments(socket)


async def closes(socket):
    await socket.close(4321, "grüße")
    assert socket.close_code == 4321, socket.close_code


async def is_closed(socket):
    await socket.send("close 4001 because")
    try:
        await asyncio.wait_for(socket.recv(), 10)
    except websockets.ConnectionClosed:
        pass
    assert (socket.close_code, socket.close_reason) == (4001, "because"), (socket.close_code, socket.close_reason)


async def main():
    compression = "deflate" if SCENARIO == "context_takeover" else None
    async with websockets.connect(URL, compression=compression, max_size=None) as socket:
        await globals()[SCENARIO](socket)


asyncio.run(main())
