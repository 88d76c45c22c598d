"""Connects to the server named by the first argument over the transports named by the others, and prints what it meets."""
import asyncio
import json
import sys

import socketio


async def main(url, transports):
    client = socketio.AsyncClient(reconnection=False)
    news = asyncio.Queue()

    for namespace in ("/", "/chat"):
        client.on("connect", lambda namespace=namespace: news.put_nowait(["connect", namespace]), namespace)

    @client.on("news")
    async def on_news(*args):
        await news.put(["news", *args])

    @client.on("question")
    async def on_question(number, data):
        return number + 1, data + b"!"

    @client.on("news", namespace="/chat")
    async def on_chat(*args):
        await news.put(["chat", *args])

    @client.on("disconnect")
    async def on_disconnect():
        await news.put(["disconnect"])

    def tell(*values):
        print(json.dumps(values, default=lambda data: {"bytes": data.hex()}), flush=True)

    await client.connect(url, auth={"token": "π"}, transports=transports, namespaces=["/", "/chat"], wait_timeout=10)
    tell("transport", client.transport())
    connected = sorted([await news.get(), await news.get()])
    tell("connected", connected, client.get_sid("/") != client.get_sid("/chat"))

    await client.emit("text", "ünïcode ✓")
    tell(*await news.get())
    await client.emit("binary", {"deep": [b"\x00\x01\xff"]})
    tell(*await news.get())
    tell("acknowledged", await client.call("sum", (19, 23), timeout=10))
    tell("bytes acknowledged", await client.call("reverse", b"\x01\x02\x03", timeout=10))
    await client.emit("ask me")
    tell(*await news.get())
    await client.emit("text", "in chat", namespace="/chat")
    tell(*await news.get())
    # This client reads no more than 16 packets in one response.
    await client.emit("many", 15)
    tell("many", [(await news.get())[1] for _ in range(15)] == list(range(15)))
    # The server asks often: two answers, and a session that lasts.
    await client.emit("after two heartbeats")
    tell(*await news.get())
    await client.emit("throw me out")
    tell(*await news.get())
    await client.disconnect()


asyncio.run(asyncio.wait_for(main(sys.argv[1], sys.argv[2:]), 30))
