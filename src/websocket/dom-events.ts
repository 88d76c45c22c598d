// The browser's way to listen: `onmessage`, `addEventListener`; each a listener of the emitter that gets an event object.
import type { EventEmitter } from 'node:events';
import type { RawData } from './binary-type.ts';

interface DomEvent {
  /** The name of the event. */
  readonly type: string;
  /** The connection. */
  readonly target: unknown;
}
/** A message, for `onmessage` and `addEventListener`. */
export interface MessageEvent extends DomEvent {
  /** The name of the event. */
  readonly type: 'message';
  /** A string for text. */
  readonly data: string | RawData;
}
/** The end of a connection, for `onclose` and `addEventListener`. */
export interface CloseEvent extends DomEvent {
  /** The name of the event. */
  readonly type: 'close';
  /** 1005: closed without a code; 1006: without a close frame (RFC 6455 §7.1.5). */
  readonly code: number;
  /** What the peer said, or an empty string (RFC 6455 §7.1.6). */
  readonly reason: string;
  /** Whether close frames went both ways. */
  readonly wasClean: boolean;
}
/** A broken rule or limit, for `onerror` and `addEventListener`. */
export interface ErrorEvent extends DomEvent {
  /** The name of the event. */
  readonly type: 'error';
  /** The error itself, with its `code` and `rule`. */
  readonly error: Error;
  /** The message of the error. */
  readonly message: string;
}
/** For `onopen` and `addEventListener`. */
export interface OpenEvent extends DomEvent {
  /** The name of the event. */
  readonly type: 'open';
}
export interface DomEventMap {
  open: OpenEvent;
  message: MessageEvent;
  close: CloseEvent;
  error: ErrorEvent;
}
export type DomEventType = keyof DomEventMap;

export type DomHandler<T extends DomEventType> =
  | ((event: DomEventMap[T]) => void)
  | { handleEvent(event: DomEventMap[T]): void };

/** An emitter that knows whether its connection was closed cleanly. */
type Target = EventEmitter & { readonly closedCleanly: boolean };

const handlerOf = Symbol('handler');
const isAttribute = Symbol('attribute');
type Listener = ((...args: unknown[]) => void) & { [handlerOf]: unknown; [isAttribute]: boolean };

type Wrapper = (target: Target, call: (event: DomEvent) => void) => (...args: never[]) => void;

const wrappers: Record<DomEventType, Wrapper> = {
  open: (target, call) => () => call({ type: 'open', target }),
  message: (target, call) => (data: RawData, isBinary: boolean) =>
    call({ type: 'message', target, data: isBinary ? data : data.toString() } as MessageEvent),
  close: (target, call) => (code: number, reason: Buffer) =>
    call({
      type: 'close',
      target,
      code,
      reason: reason.toString(),
      wasClean: target.closedCleanly,
    } as CloseEvent),
  error: (target, call) => (error: Error) =>
    call({ type: 'error', target, error, message: error.message } as ErrorEvent),
};

function isDomEventType(type: string): type is DomEventType {
  return Object.hasOwn(wrappers, type);
}

function find(target: Target, type: string, handler: unknown, attribute: boolean): Listener | undefined {
  return (target.rawListeners(type) as Listener[])
    .map((listener) => (listener as unknown as { listener?: Listener }).listener ?? listener)
    .find(
      (listener) => listener[isAttribute] === attribute && (attribute || listener[handlerOf] === handler),
    );
}

function add(target: Target, type: DomEventType, handler: unknown, attribute: boolean, once: boolean): void {
  const call = (event: DomEvent) => {
    if (typeof handler === 'function') handler.call(target, event);
    else (handler as { handleEvent(event: DomEvent): void }).handleEvent(event);
  };
  const listener: Listener = Object.assign(wrappers[type](target, call) as () => void, {
    [handlerOf]: handler,
    [isAttribute]: attribute,
  });
  if (once) target.once(type, listener);
  else target.on(type, listener);
}

/** Adds a handler for `open`, `message`, `close` or `error`; other types, and a handler added before, change nothing. */
export function addHandler(target: Target, type: string, handler: unknown, once: boolean): void {
  if (isDomEventType(type) && !find(target, type, handler, false)) add(target, type, handler, false, once);
}

export function removeHandler(target: Target, type: string, handler: unknown): void {
  const listener = isDomEventType(type) ? find(target, type, handler, false) : undefined;
  if (listener) target.off(type, listener);
}

/** What was last assigned to `onopen` and so on. */
export function getAttributeHandler(target: Target, type: DomEventType): unknown {
  return find(target, type, undefined, true)?.[handlerOf] ?? null;
}

export function setAttributeHandler(target: Target, type: DomEventType, handler: unknown): void {
  const previous = find(target, type, undefined, true);
  if (previous) target.off(type, previous);
  if (typeof handler === 'function') add(target, type, handler, true, false);
}
