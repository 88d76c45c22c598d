// A socket after its handshake: reads, writes, and the closing handshake, told to an emitter as events (RFC 6455 §5–§7).
import type { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { CloseCode } from '../protocol/rfc6455/close-codes.ts';
import { encodeClose } from '../protocol/rfc6455/close-frame.ts';
import { Lone, readLone } from '../protocol/rfc6455/lone-message.ts';
import type { ProtocolError } from '../protocol/rfc6455/protocol-error.ts';
import { usualHeader } from '../protocol/rfc6455/usual-frame.ts';
import { type BinaryType, toBinaryType } from './binary-type.ts';
import { Closing } from './closing.ts';
import type { Deflate } from './deflate.ts';
import type { MessageReceiver } from './message-receiver.ts';
import type { WriteCallback } from './outbox.ts';
import type { PreparedMessage } from './prepared-message.ts';
import { ReadyState } from './ready-state.ts';
import { Receiver, type ReceiverHost } from './receiver.ts';
import { Sender, type SenderHost, type SendSettings, sendSettings } from './sender.ts';
import type { ConnectionSettings } from './settings.ts';
import { beginChunk } from './turn.ts';

const connectionOf = Symbol('connection');
type ConnectedSocket = Duplex & { [connectionOf]: Connection };

/** The system tells only when a whole write has left, and a large one may take a slow reader many beats. */
const mostStalls = 10;

export class Connection implements ReceiverHost, SenderHost {
  readonly socket: Duplex;
  readonly settings: ConnectionSettings;
  readonly deflate: Deflate | undefined;
  readyState: ReadyState = ReadyState.OPEN;
  binaryType: BinaryType = 'nodebuffer';
  paused = false;
  /** Whether anything has come from the peer since this was last set to false. */
  heard = true;
  /** Whether a heartbeat's ping waits for an answer. */
  pinged = false;
  /** Bytes that the system had taken when `isAlive` was last asked of a peer that is not read from. */
  #taken = 0;
  /** How often in a row it had taken no more. */
  #stalls = 0;

  /** Is told of messages and of the end before the events are raised. */
  above: MessageReceiver | undefined;

  readonly #events: EventEmitter;
  /** Is told before the `close` event. */
  readonly #onGone: ((events: EventEmitter) => void) | undefined;
  #receiver: Receiver | undefined;
  #sender: Sender | undefined;
  /** While a message is given out for which no receiver was lent; what comes meanwhile has to wait. */
  #alone = false;
  /** From the moment its end begins. */
  #closing: Closing | undefined;

  constructor(
    socket: Duplex,
    settings: ConnectionSettings,
    deflate: Deflate | undefined,
    events: EventEmitter,
    onGone: ((events: EventEmitter) => void) | undefined,
  ) {
    this.socket = socket;
    this.settings = settings;
    this.deflate = deflate;
    this.#events = events;
    this.#onGone = onGone;
    (socket as ConnectedSocket)[connectionOf] = this;
    if (socket instanceof Socket) {
      socket.setTimeout(0);
      socket.setNoDelay();
    }
    socket.on('error', socketOnError);
    socket.on('close', socketOnClose);
    socket.on('end', socketOnEnd);
    socket.on('drain', socketOnDrain);
  }

  /** Begins to read, first what came with the handshake. */
  start(head: Buffer): void {
    if (head.length > 0) this.socket.unshift(head);
    this.socket.on('data', socketOnData);
  }

  get sender(): Sender {
    this.#sender ??= this.#newSender();
    return this.#sender;
  }

  #newSender(): Sender {
    const sender = new Sender(this);
    if (this.readyState !== ReadyState.OPEN) sender.stopSharing();
    return sender;
  }

  get bufferedAmount(): number {
    if (this.#sender === undefined) return this.socket.writableLength;
    this.#sender.outbox.settle();
    return this.#sender.bufferedAmount;
  }

  /** §7.1.6: whether the closing handshake was completed. */
  get closedCleanly(): boolean {
    return this.#closing?.isClean === true;
  }

  /** Sends a message, or does with it what the policy for slow clients says; false if it was left out. */
  message(payload: string | Uint8Array | Blob, how: SendSettings, callback?: WriteCallback): boolean {
    return this.sender.message(payload, how, callback) || this.#leaveOut(callback);
  }

  /** The same for a message that many connections are sent. */
  prepared(message: PreparedMessage, callback?: WriteCallback): boolean {
    const { sender } = this;
    const { binary, bytes } = message;
    if (sender.isInMessage) {
      sender.afterMessage(() => void this.prepared(message, callback));
      return true;
    }
    // With compression each connection has a window of its own.
    if (this.deflate !== undefined || this.settings.mask) {
      return this.message(bytes, sendSettings(binary, true, true, this.settings.mask), callback);
    }
    if (sender.isOverfull) return this.#leaveOut(callback);
    sender.shared(message, callback);
    return true;
  }

  #leaveOut(callback: WriteCallback | undefined): false {
    const { slowClients, maxBufferedAmount } = this.settings;
    if (callback !== undefined) process.nextTick(callback, tooSlow(this.bufferedAmount, maxBufferedAmount));
    if (slowClients === 'close') this.close(CloseCode.TryAgainLater, 'Reading too slowly');
    return false;
  }

  pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  resume(): void {
    this.paused = false;
    process.nextTick(() => this.#goOn());
  }

  /** Starts the closing handshake (§7.1.2); nothing if that was done before. Throws for a code or reason that can't be sent. */
  close(code?: number, reason?: string | Uint8Array): void {
    if (this.readyState !== ReadyState.OPEN) return;
    const payload = encodeClose(code, reason);
    this.#leaveOpen(ReadyState.CLOSING);
    const closing = this.#beginClosing();
    closing.waitFor(this.settings.closeTimeout, () => this.socket.destroy());
    this.sender.close(payload, () => {
      closing.sent = true;
      this.#endIfDone();
    });
  }

  /** Whether the peer has shown life since this was last asked: by sending or, while we don't read, by reading. */
  isAlive(): boolean {
    const { heard } = this;
    this.heard = false;
    if (heard || this.paused) return true;
    if (this.mayReceive()) return false;
    const { bytesWritten = 0, writableLength } = this.socket as Partial<Socket> & Duplex;
    const taken = bytesWritten - writableLength;
    this.#stalls = taken === this.#taken ? this.#stalls + 1 : 0;
    this.#taken = taken;
    return this.#stalls < mostStalls;
  }

  /** Resolves when the connection is closed. */
  gone(): Promise<void> {
    if (this.readyState === ReadyState.CLOSED) return Promise.resolve();
    return new Promise((resolve) => this.#events.once('close', () => resolve()));
  }

  /** Ends the connection without a handshake. What was sent before is given to the system first. */
  terminate(): void {
    if (this.readyState === ReadyState.CLOSED) return;
    this.#leaveOpen(ReadyState.CLOSING);
    this.#sender?.outbox.flush();
    this.socket.destroy();
  }

  #beginClosing(): Closing {
    this.#closing ??= new Closing();
    return this.#closing;
  }

  #leaveOpen(state: ReadyState): void {
    this.readyState = state;
    this.#sender?.stopSharing();
  }

  // What the socket says.

  onData(chunk: Buffer): void {
    this.heard = true;
    beginChunk();
    if (this.#receiver === undefined && this.#takeAlone(chunk)) return;
    this.#receiver ??= Receiver.for(this);
    this.#receiver.push(chunk);
    if (this.#receiver?.releaseIfIdle()) this.#receiver = undefined;
  }

  /** Most chunks are one short message, and no receiver has to be lent for it. False for all others. */
  #takeAlone(chunk: Buffer): boolean {
    const { settings } = this;
    if (!settings.allowSynchronousEvents || !this.mayReceive()) return false;
    const found = readLone(chunk, settings.plainRules, !settings.skipUTF8Validation);
    if (found === Lone.None) return false;
    let threw = true;
    this.#alone = true;
    try {
      this.#giveAlone(chunk, found);
      threw = false;
    } finally {
      this.#alone = false;
      // As in a receiver, a listener that throws ends this turn only.
      if (threw) {
        this.onFlow(false);
        setImmediate(() => this.#goOn());
      }
    }
    this.#goOn();
    return true;
  }

  #giveAlone(chunk: Buffer, found: Lone): void {
    if (found === Lone.Binary || this.above === undefined) {
      this.onMessage(chunk.subarray(usualHeader), found === Lone.Binary, undefined);
    } else {
      this.onText(chunk.toString(found === Lone.Ascii ? 'latin1' : 'utf8', usualHeader));
    }
  }

  onEnd(): void {
    if (this.readyState === ReadyState.OPEN) this.#leaveOpen(ReadyState.CLOSING);
    this.#sender?.outbox.flush();
    if (!this.socket.writableEnded) this.socket.end();
  }

  onDrain(): void {
    this.#sender?.drained();
    this.#events.emit('drain');
    this.#goOn();
  }

  onSocketClose(): void {
    this.#leaveOpen(ReadyState.CLOSING);
    this.#closing?.stopWaiting();
    this.socket.off('data', socketOnData);
    this.#receiver ??= Receiver.for(this);
    // A socket that was paused, or destroyed by an error, may still hold what the peer sent before.
    const rest: Buffer | null = this.#closing?.isDeaf ? null : this.socket.read();
    if (rest !== null) this.#receiver.push(rest);
    this.#receiver.finish();
  }

  onUnblocked(): void {
    this.#goOn();
  }

  #goOn(): void {
    if (this.readyState === ReadyState.CLOSED) return;
    if (this.#receiver !== undefined) this.#receiver.run();
    else this.onFlow(this.mayReceive());
  }

  // What the receiver asks and says.

  mayReceive(): boolean {
    return !this.paused && !this.#alone && (this.#sender === undefined || !this.#sender.isAboveHighWaterMark);
  }

  wantsFragments(): boolean {
    return this.binaryType === 'fragments';
  }

  onFlow(flowing: boolean): void {
    if (this.socket.isPaused() !== flowing) return;
    if (flowing) this.socket.resume();
    else this.socket.pause();
  }

  wantsText(): boolean {
    return this.above !== undefined;
  }

  onText(text: string): void {
    this.above?.onSocketText(text);
    if (this.#events.listenerCount('message') > 0) this.#events.emit('message', Buffer.from(text), false);
  }

  onMessage(payload: Buffer, isBinary: boolean, boundaries: number[] | undefined): void {
    this.above?.onSocketBinary(payload);
    const data = isBinary ? toBinaryType(payload, this.binaryType, boundaries) : payload;
    this.#events.emit('message', data, isBinary);
  }

  onPing(payload: Buffer): void {
    // §5.5.2: a ping MUST be answered until a close frame is received, also behind our own.
    if (this.settings.autoPong && !this.socket.writableEnded) this.sender.pong(payload);
    this.#events.emit('ping', payload);
  }

  onPong(payload: Buffer): void {
    this.#events.emit('pong', payload);
  }

  /** §5.5.1: answers with a close frame of the same code, unless one was sent before. */
  onClose(code: number, reason: Buffer): void {
    Object.assign(this.#beginClosing(), { received: true, code, reason });
    if (code === CloseCode.NoStatusReceived) this.close();
    else this.close(code, reason);
    this.#endIfDone();
  }

  /** §7.1.7: fails the connection: a close frame with the reason, and the end of it. */
  onFailure(error: ProtocolError): void {
    this.#beginClosing().failed = true;
    this.close(error.closeCode);
    this.#endIfDone();
    // Whoever does not listen for errors of a peer should not die of them.
    this.above?.onSocketError(error);
    if (this.#events.listenerCount('error') > 0) this.#events.emit('error', error);
  }

  onFinished(): void {
    if (this.readyState === ReadyState.CLOSED) return;
    this.#leaveOpen(ReadyState.CLOSED);
    this.#receiver = undefined;
    this.#sender?.abandon(new Error('The connection was closed before the data could be sent'));
    this.#onGone?.(this.#events);
    this.above?.onSocketClose();
    const { code, reason } = this.#beginClosing();
    this.#events.emit('close', code, reason);
  }

  /** §7.1.1: the server closes TCP first, once both close frames are through. Input is read on and discarded until then. */
  #endIfDone(): void {
    if (this.socket.writableEnded) return;
    if (this.#closing?.isDone !== true) return;
    this.#sender?.outbox.flush();
    this.socket.end();
  }
}

function tooSlow(waiting: number, limit: number): Error {
  const message = `The message was not sent: ${waiting} bytes are waiting for a peer that reads too slowly, more than the ${limit} of maxBufferedAmount`;
  return Object.assign(new Error(message), { code: 'WS_ERR_SLOW_CLIENT' });
}

function socketOnData(this: Duplex, chunk: Buffer): void {
  (this as ConnectedSocket)[connectionOf].onData(chunk);
}

function socketOnEnd(this: Duplex): void {
  (this as ConnectedSocket)[connectionOf].onEnd();
}

function socketOnDrain(this: Duplex): void {
  (this as ConnectedSocket)[connectionOf].onDrain();
}

function socketOnClose(this: Duplex): void {
  (this as ConnectedSocket)[connectionOf].onSocketClose();
}

/** A peer that vanishes is no error of the program: the `close` event says 1006. */
function socketOnError(this: Duplex): void {
  this.destroy();
}
