// The packet of the Socket.IO protocol, revision 5: its types, its fields and what they may hold (Socket.IO protocol v5).

/** Revision of the protocol. */
export const protocol = 5;

export const PacketType = {
  CONNECT: 0,
  DISCONNECT: 1,
  EVENT: 2,
  ACK: 3,
  CONNECT_ERROR: 4,
  BINARY_EVENT: 5,
  BINARY_ACK: 6,
} as const;

export type PacketType = (typeof PacketType)[keyof typeof PacketType];

/** What a packet says. `BINARY_EVENT` and `BINARY_ACK` exist on the wire only: programs see `EVENT` and `ACK`. */
export interface SocketPacket {
  readonly type: PacketType;
  /** The namespace, which begins with a slash. */
  readonly nsp: string;
  /** Of an event: an acknowledgement with this number is wanted. Of an acknowledgement: the event it answers. */
  readonly id?: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: what programs send each other, of any type they like
  readonly data?: any;
  /** On the wire: how many binary messages follow that belong to this packet. */
  readonly attachments?: number | undefined;
}

/** Something that travels as a binary message of its own. */
export type Binary = ArrayBufferLike | ArrayBufferView | Blob;

/** One message of the engine. */
export type Chunk = string | Binary;

/** A packet that breaks the protocol or a limit: its connection must be closed. */
export class PacketError extends Error {}

/** Whether only the library itself may raise an event of this name: no peer sends it, no program emits it. */
export function isReservedEvent(name: unknown): boolean {
  switch (name) {
    case 'connect':
    case 'connect_error':
    case 'disconnect':
    case 'disconnecting':
    case 'newListener':
    case 'removeListener':
      return true;
    default:
      return false;
  }
}

/** Whether `data` has the shape that the protocol demands of a packet of this type. */
export function isValidPayload(type: PacketType, data: unknown): boolean {
  switch (type) {
    case PacketType.CONNECT:
      return isPlainObject(data);
    case PacketType.DISCONNECT:
      return data === undefined;
    case PacketType.CONNECT_ERROR:
      return typeof data === 'string' || isPlainObject(data);
    case PacketType.EVENT:
    case PacketType.BINARY_EVENT:
      return Array.isArray(data) && isEventName(data[0]);
    case PacketType.ACK:
    case PacketType.BINARY_ACK:
      return Array.isArray(data);
  }
}

function isEventName(name: unknown): boolean {
  return typeof name === 'number' || (typeof name === 'string' && !isReservedEvent(name));
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
