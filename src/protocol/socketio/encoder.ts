// A packet in; the messages that carry it out: its text, then its binaries (Socket.IO protocol v5).
import { takeBinaries } from './attachments.ts';
import { type Chunk, PacketType, type SocketPacket } from './packet.ts';
import { formatPlain, formatText, type Replacer } from './text.ts';

/** Writes packets; keeps nothing between them, so one serves any number of connections. */
export class Encoder {
  readonly #replacer: Replacer | undefined;

  /** @param replacer is handed to JSON.stringify */
  constructor(replacer?: Replacer) {
    this.#replacer = replacer;
  }

  /**
   * The messages of a packet: they must be sent in this order, with none of another packet between them. An event or
   * acknowledgement that holds binaries becomes its binary kind by itself.
   *
   * @throws what JSON.stringify throws, and RangeError for circular data
   */
  encode(packet: SocketPacket): Chunk[] {
    const plain = this.#replacer === undefined ? formatPlain(packet) : undefined;
    if (plain !== undefined) return [plain];
    if (packet.type === PacketType.EVENT || packet.type === PacketType.ACK) {
      const { data, binaries } = takeBinaries(packet.data);
      if (binaries.length > 0) {
        const type = packet.type === PacketType.EVENT ? PacketType.BINARY_EVENT : PacketType.BINARY_ACK;
        const header = { type, nsp: packet.nsp, id: packet.id, data, attachments: binaries.length };
        return [formatText(header, this.#replacer), ...binaries];
      }
    }
    return [formatText(packet, this.#replacer)];
  }
}
