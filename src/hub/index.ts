// The hub for the strata above it: what a server is made of, and the types that programs name.
export { Adapter } from './adapter.ts';
export type * from './adapter-contract.ts';
export { BroadcastOperator } from './broadcast-operator.ts';
export { Client } from './client.ts';
export type { DisconnectReason } from './disconnect-reason.ts';
export type { Handshake } from './handshake.ts';
export type { SocketReservedEvents } from './member.ts';
export type { ExtendedError, Middleware, Next } from './middleware.ts';
export { Namespace, type NamespaceReservedEvents } from './namespace.ts';
export { type NamespaceMatcher, ParentNamespace } from './parent-namespace.ts';
export { RemoteSocket } from './remote-socket.ts';
export type { Session, SessionTransport, WriteOptions } from './session.ts';
export { SessionAwareAdapter } from './session-aware-adapter.ts';
export { Socket } from './socket.ts';
export type { DefaultEventsMap, Event, EventsMap } from './typed-events.ts';
