// The encoded messages of one packet in, what plain clients hear of it out: made once for all recipients of a broadcast.
import type { PacketDecoder } from '../hub/parser.ts';
import type { Chunk, SocketPacket } from '../protocol/socketio/packet.ts';
import type { PlainEvent } from './translation.ts';

export class TranslatedPacket {
  readonly #decoder: PacketDecoder;
  #read = 0;
  #packet: SocketPacket | undefined;
  /** By what made them: a gateway has one function for all its clients. */
  readonly #forms = new Map<unknown, unknown>();

  constructor(decoder: PacketDecoder) {
    this.#decoder = decoder;
    decoder.on('decoded', (packet: SocketPacket) => {
      this.#packet = packet;
    });
  }

  /**
   * Takes the message at a position: each recipient gives all of them, and the first to do so has it read.
   *
   * @returns the packet, if this is its last message
   */
  add(position: number, message: Chunk): SocketPacket | undefined {
    if (position === this.#read) {
      this.#read++;
      this.#decoder.add(message);
    }
    return position === this.#read - 1 ? this.#packet : undefined;
  }

  /** What `make` makes of the event that the packet is; it is asked once. */
  form<T>(make: (event: PlainEvent) => T, event: PlainEvent): T {
    if (!this.#forms.has(make)) this.#forms.set(make, make(event));
    return this.#forms.get(make) as T;
  }
}

/** Finds the translation of a packet: broadcasts share one. */
export class Translations {
  readonly #newDecoder: () => PacketDecoder;
  readonly #broadcasts = new WeakMap<object, TranslatedPacket>();

  constructor(newDecoder: () => PacketDecoder) {
    this.#newDecoder = newDecoder;
  }

  /** @param shared the same for all recipients */
  get(shared: object | undefined): TranslatedPacket {
    let translated = shared && this.#broadcasts.get(shared);
    if (translated === undefined) {
      translated = new TranslatedPacket(this.#newDecoder());
      if (shared !== undefined) this.#broadcasts.set(shared, translated);
    }
    return translated;
  }
}
