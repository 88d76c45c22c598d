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

/** Type, count of attachments, namespace, id, JSON. */
const form = /^([0-6])(?:(\d+)-)?(?:(\/[^,]*),?)?(\d*)(.*)$/s;

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
      const [, digit, count = 0, nsp = '/', id, json] = form.exec(isBinary(text) ? '' : text!) ?? refuse();
      const complete = +count === binaries.length;
      const binary = +digit! > 4;
      if (binary === !(+count > 0 && +count < 11) || !binaries.every(isBinary)) refuse();
      if (!complete) return;
      this.destroy();
      const data = json
        ? JSON.parse(json, (_key, value) => {
            if (!binary || value?._placeholder !== true) return value;
            return isBinary(binaries[value.num]) ? binaries[value.num] : refuse();
          })
        : undefined;
      const type = (+digit! - (binary ? 3 : 0)) as PacketType;
      // Events and acknowledgements have a list, all others none.
      const valid = Array.isArray(data)
        ? type === ACK || (type === EVENT && !isReservedEvent(data[0]))
        : data !== null && type !== EVENT && type !== ACK;
      if (!valid) refuse();
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
