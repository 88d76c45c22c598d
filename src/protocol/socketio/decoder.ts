// Messages in, as they arrive; packets out, each with its binaries in place (Socket.IO protocol v5).
import { putBinaries } from './attachments.ts';
import { isBinary } from './binary.ts';
import { checkNesting } from './nesting.ts';
import { type Binary, type Chunk, PacketError, PacketType, type SocketPacket } from './packet.ts';
import { isBinaryType, parseText, type Reviver, type TextRules } from './text.ts';

export interface DecoderOptions {
  /** Is handed to JSON.parse. */
  reviver?: Reviver | undefined;
  /** Most binaries of one packet. Default 10. */
  maxAttachments?: number | undefined;
  /** Most levels of arrays and objects in a packet, its own array included. Default 256. */
  maxNesting?: number | undefined;
}

export const decoderDefaults = { maxAttachments: 10, maxNesting: 256 };

type Listener = (packet: SocketPacket) => void;

const defaultRules = decoderRules({});

/** A packet whose binaries are under way. */
interface Unfinished {
  readonly packet: SocketPacket;
  readonly binaries: Binary[];
}

/** Reads the packets of one connection. */
export class Decoder {
  readonly #rules: TextRules;
  #unfinished: Unfinished | undefined;
  #listener: Listener | undefined;

  constructor(options?: DecoderOptions | Reviver | null) {
    this.#rules = decoderRules(options);
  }

  /** Names who gets the packets: one function; a further one takes its place. */
  on(_event: 'decoded', listener: Listener): this {
    this.#listener = listener;
    return this;
  }

  /**
   * Reads one message of the connection; the listener is called before it returns if a packet is complete.
   *
   * @throws PacketError for what breaks the protocol or a limit: nothing more can be read from this connection
   */
  add(chunk: Chunk): void {
    if (typeof chunk === 'string') this.#addText(chunk);
    else if (isBinary(chunk)) this.#addBinary(chunk);
    else throw new PacketError(`a message is text or binary, not ${chunk}`);
  }

  /** Whether it is in the middle of no packet. */
  get isIdle(): boolean {
    return this.#unfinished === undefined;
  }

  /** Drops a packet of which only a part has arrived. */
  destroy(): void {
    this.#unfinished = undefined;
  }

  #addText(text: string): void {
    if (this.#unfinished !== undefined) {
      this.#unfinished = undefined;
      throw new PacketError('got plaintext data when reconstructing a packet');
    }
    const packet = parseText(text, this.#rules);
    if (isBinaryType(packet.type)) this.#unfinished = { packet, binaries: [] };
    else this.#listener?.(packet);
  }

  #addBinary(binary: Binary): void {
    if (this.#unfinished === undefined) {
      throw new PacketError('got binary data when not reconstructing a packet');
    }
    const { packet, binaries } = this.#unfinished;
    if (binaries.push(binary) < packet.attachments!) return;
    this.#unfinished = undefined;
    const type = packet.type === PacketType.BINARY_EVENT ? PacketType.EVENT : PacketType.ACK;
    const data = putBinaries(packet.data, binaries);
    this.#listener?.({ type, nsp: packet.nsp, id: packet.id, data, attachments: undefined });
  }
}

function decoderRules(options: DecoderOptions | Reviver | null | undefined): TextRules {
  if (options === undefined || options === null) return defaultRules;
  if (typeof options === 'function') return { ...defaultRules, reviver: options };
  const maxNesting = options.maxNesting ?? decoderDefaults.maxNesting;
  return {
    reviver: options.reviver,
    maxAttachments: options.maxAttachments ?? decoderDefaults.maxAttachments,
    check: (json) => checkNesting(json, maxNesting),
  };
}
