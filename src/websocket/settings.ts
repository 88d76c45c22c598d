// What all connections of a server share: the frame rules, limits and habits of its options, in the form they are used.
import { constants } from 'node:buffer';
import type { FrameRules } from '../protocol/rfc6455/frame-rules.ts';

/** What happens to a client that does not take what it is sent: see `maxBufferedAmount`. */
export type SlowClientPolicy = 'close' | 'drop';

/** Options of a connection, whichever side opened it. */
export interface ConnectionOptions {
  /** Largest message to receive, in bytes, also after decompression; 0 for none. Default 100 MiB. Beyond: 1009. */
  maxPayload?: number | undefined;
  /** Most frames in a received message; 0 for no limit. Default 131,072. Beyond: 1008. */
  maxFragments?: number | undefined;
  /** Most chunks that a received frame may come in; 0 for no limit. Default 1,048,576. Beyond: 1008. */
  maxBufferedChunks?: number | undefined;
  /** Whether received text is not checked to be UTF-8. Default false. */
  skipUTF8Validation?: boolean | undefined;
  /** Whether several `message`, `ping` and `pong` events may follow each other in one tick. Default true. */
  allowSynchronousEvents?: boolean | undefined;
  /** Whether pings are answered. Default true. */
  autoPong?: boolean | undefined;
  /** Milliseconds until a closing handshake that was begun is cut short. Default 30,000. */
  closeTimeout?: number | undefined;
  /**
   * Bytes that may wait for a client that reads slowly; 0 for no limit. Default 64 MiB. When so many wait already, a
   * further message meets `slowClients`.
   */
  maxBufferedAmount?: number | undefined;
  /** `close` ends the connection of a client that is too slow with 1013; `drop` leaves out messages. Default `close`. */
  slowClients?: SlowClientPolicy | undefined;
  /**
   * Bytes waiting to be written above which nothing more is read from the peer until they are; 0 for never. Default
   * 1 MiB. A peer that does not read its replies can't make them pile up.
   */
  highWaterMark?: number | undefined;
  /** Pongs that may wait for a peer that does not read; of further ones only the last is sent (§5.5.3). Default 128. */
  maxPendingPongs?: number | undefined;
}

/** The same, decided. */
export interface ConnectionSettings {
  /** Rules for frames received with and without permessage-deflate. */
  readonly plainRules: FrameRules;
  readonly deflateRules: FrameRules;
  /** Whether sent frames are masked: the client's part (§5.1). */
  readonly mask: boolean;
  readonly maxPayload: number;
  readonly skipUTF8Validation: boolean;
  readonly allowSynchronousEvents: boolean;
  readonly autoPong: boolean;
  readonly closeTimeout: number;
  readonly maxBufferedAmount: number;
  readonly slowClients: SlowClientPolicy;
  readonly highWaterMark: number;
  readonly maxPendingPongs: number;
}

export const connectionDefaults = {
  maxPayload: 100 * 1024 * 1024,
  maxFragments: 128 * 1024,
  maxBufferedChunks: 1024 * 1024,
  skipUTF8Validation: false,
  allowSynchronousEvents: true,
  autoPong: true,
  closeTimeout: 30_000,
  maxBufferedAmount: 64 * 1024 * 1024,
  slowClients: 'close',
  highWaterMark: 1024 * 1024,
  maxPendingPongs: 128,
} as const satisfies ConnectionOptions;

/** The options that were given: one that is `undefined` was not. */
export function givenOf(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Decides what options leave open. */
export function connectionSettings(
  options: ConnectionOptions,
  role: 'server' | 'client',
): ConnectionSettings {
  const all = { ...connectionDefaults, ...givenOf(options) } as Required<ConnectionOptions> &
    typeof connectionDefaults;
  // As `ws` has it: an integer of 32 bits; and no message can be larger than a Buffer.
  const maxPayload = all.maxPayload | 0 || constants.MAX_LENGTH;
  const rules = {
    expectMask: role === 'server',
    maxPayload,
    maxFragments: all.maxFragments | 0,
    maxBufferedChunks: all.maxBufferedChunks | 0,
  };
  return {
    ...all,
    maxPayload,
    mask: role === 'client',
    plainRules: { ...rules, allowCompressed: false },
    deflateRules: { ...rules, allowCompressed: true },
  };
}
