// The client as one classic script: defines `io`, which has the rest as properties (client API, "Exports").
import { protocol } from '../protocol/socketio/packet.ts';
import { io } from './io.ts';
import { Manager } from './manager.ts';
import { Socket } from './socket.ts';

Object.assign(globalThis, { io: Object.assign(io, { io, connect: io, Manager, Socket, protocol }) });
