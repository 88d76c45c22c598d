// Decoders for connections that are in the middle of a packet: one that has read its packet to the end serves the next.
import type { SocketPacket } from '../protocol/socketio/packet.ts';
import type { PacketDecoder } from './parser.ts';

export interface PacketReader {
  _onPacket(packet: SocketPacket): void;
}

/** A decoder, and whom it reads for at present. */
export class LentDecoder {
  readonly decoder: PacketDecoder;
  reader: PacketReader | undefined;

  constructor(decoder: PacketDecoder) {
    this.decoder = decoder;
    decoder.on('decoded', (packet: SocketPacket) => this.reader?._onPacket(packet));
  }
}

const mostSpare = 16;

export class Decoders {
  readonly #make: () => PacketDecoder;
  readonly #spare: LentDecoder[] = [];

  constructor(make: () => PacketDecoder) {
    this.#make = make;
  }

  lend(reader: PacketReader): LentDecoder {
    const lent = this.#spare.pop() ?? new LentDecoder(this.#make());
    lent.reader = reader;
    return lent;
  }

  /** Whether it is given back: not in the middle of a packet, and never if it does not say so. */
  takeBack(lent: LentDecoder): boolean {
    if (lent.decoder.isIdle !== true) return false;
    lent.reader = undefined;
    if (this.#spare.length < mostSpare) this.#spare.push(lent);
    return true;
  }
}
