// The parser of this end, small enough for a page: packets in, messages out, and back (Socket.IO protocol, "Packet encoding").
import { isBinary } from '../protocol/socketio/binary.ts';
import {
  type Binary,
  isReservedEvent,
  type PacketType,
  type SocketPacket,
} from '../protocol/socketio/packet.ts';
import type { Parser } from './options.ts';
import { ACK, EVENT } from './packet-type.ts';

/** Type, or type and count of attachments, which is 1 to 10; namespace, id, JSON. */
const form = /^(?:([0-4])|([56])([1-9]|10)-)(?:(\/[^,]*),?)?(\d*)(.*)$/s;

/** The server's parser does the same faster, and says what is wrong; here it is read by the platform's means alone. */
export const parser: Parser = {
  Encoder: class {
    encode({ type, nsp, id = '' as never, data }: SocketPacket): (string | Binary)[] {
      const binaries: Binary[] = [];
      const json = JSON.stringify(data, function (this: Record<string, unknown>, key, value) {
        // As it was before its `toJSON` was asked, which a Buffer has.
        const binary = [this[key], value].find(isBinary);
        return binary ? { _placeholder: true, num: binaries.push(binary) - 1 } : value;
      });
      const { length } = binaries;
      const head = length ? `${type + 3}${length}-` : type;
      return [`${head}${nsp === '/' ? '' : `${nsp},`}${id}${json ?? ''}`, ...binaries];
    }
  },
  Decoder: class {
    #listener!: (packet: SocketPacket) => void;
    /** What there is of a packet that is not complete: its text, and the binaries so far. */
    #parts: (string | Binary)[] = [];

    on(_event: 'decoded', listener: (packet: SocketPacket) => void): void {
      this.#listener = listener;
    }

    add(message: string | Binary): void {
      this.#parts.push(message);
      const [text, ...binaries] = this.#parts;
      if (isBinary(text) || !binaries.every(isBinary)) refuse();
      const [, plain, binary, count = 0, nsp = '/', id, json] = form.exec(text as string) ?? refuse();
      if (+count > binaries.length) return;
      this.destroy();
      const data = json
        ? JSON.parse(json, (_key, value) => {
            if (!binary || value?._placeholder !== true) return value;
            return isBinary(binaries[value.num]) ? binaries[value.num] : refuse();
          })
        : undefined;
      const type = +(plain ?? +binary! - 3) as PacketType;
      // Events and acknowledgements have a list, all others none.
      const list = type === EVENT || type === ACK;
      if (Array.isArray(data) !== list || data === null || (type === EVENT && isReservedEvent(data[0])))
        refuse();
      this.#listener({ type, nsp, id: id ? +id : undefined, data });
    }

    destroy(): void {
      this.#parts = [];
    }
  },
};

function refuse(): never {
  throw new Error('invalid packet');
}
