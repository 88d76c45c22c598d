// The numbers of packet types, one by one, since a bundler can put those in place of their names (Socket.IO protocol, "Packet").
import type { PacketType } from '../protocol/socketio/packet.ts';

type Types = typeof PacketType;

export const CONNECT = 0 satisfies Types['CONNECT'];
export const DISCONNECT = 1 satisfies Types['DISCONNECT'];
export const EVENT = 2 satisfies Types['EVENT'];
export const ACK = 3 satisfies Types['ACK'];
