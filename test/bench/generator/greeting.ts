// The first packets of a Socket.IO client over WebSocket: bytes in, and whether it is in the main namespace (Engine.IO v4, Socket.IO v5).

/** Where such a client connects. */
export const SOCKET_IO_TARGET = '/socket.io/?EIO=4&transport=websocket';

/** `40` in one masked text frame, with a key of zeros. */
export const JOIN: Buffer = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]);

const LENGTH_16 = 126;
const MOST_LENGTH_BYTES = 4;

export class Greeting {
  #bytes: Buffer = Buffer.alloc(0);
  #expected = ['0{', '40{'];

  /** Takes bytes of the server and gives how many packets are in: 1 is the time to join, 2 the time to begin. */
  receive(chunk: Buffer): number {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const start = this.#bytes[1] === LENGTH_16 ? MOST_LENGTH_BYTES : 2;
      if (this.#bytes.length < start) break;
      const length = start === 2 ? this.#bytes[1]! : this.#bytes.readUInt16BE(2);
      if (this.#bytes.length < start + length) break;
      const text = this.#bytes.toString('utf8', start, start + length);
      const expected = this.#expected.shift();
      if (expected === undefined || !text.startsWith(expected))
        throw new Error(`the server greets with ${text}`);
      this.#bytes = this.#bytes.subarray(start + length);
    }
    return 2 - this.#expected.length;
  }
}
