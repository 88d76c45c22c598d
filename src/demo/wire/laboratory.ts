// Does an experiment: bytes that no browser would send go over a TCP connection to this very server; what comes back is told.
import net, { type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeFrame } from '../../protocol/rfc6455/frame-encoder.ts';
import { OPCODE } from '../../protocol/rfc6455/frame-header.ts';
import { FrameSlicer } from '../../protocol/rfc6455/frame-slicer.ts';
import { Opcode } from '../../protocol/rfc6455/opcode.ts';
import type { Experiment } from './experiment.ts';
import type { LabRecord } from './records.ts';

export const laboratoryLimits = {
  /** Experiments at a time, in all and of one page. */
  runs: 32,
  runsOfPage: 4,
  /** Bytes that an answer may have. */
  received: 1024 * 1024,
  /** How long an experiment may take, in milliseconds. */
  lifetimeMs: 5000,
  /** Silence after which the server is asked whether it is still there. */
  quietMs: 60,
  /** Between two writes, so that they arrive apart. */
  betweenMs: 4,
};

type Step = Omit<LabRecord, 'kind' | 'run'>;
export type Tell = (step: Step) => void;

/** The port is that of our own server; nothing else can be connected to. */
export function runExperiment(
  experiment: Experiment,
  { address, port }: AddressInfo,
  tell: Tell,
): Promise<void> {
  const anywhere = address === '::' || address === '0.0.0.0';
  const host = anywhere ? '127.0.0.1' : address;
  return new Run(experiment, net.connect({ host, port, noDelay: true, allowHalfOpen: true }), tell).ended;
}

const maskingKey = 0x37fa213d;
const ask = encodeFrame(Buffer.from('laboratory'), { opcode: Opcode.Ping, maskingKey });
const leave = encodeFrame(Buffer.from([0x03, 0xe8]), { opcode: Opcode.Close, maskingKey });

class Run {
  readonly ended: Promise<void>;
  readonly #experiment: Experiment;
  readonly #socket: net.Socket;
  readonly #tell: Tell;
  #head: Buffer | undefined = Buffer.alloc(0);
  #refusal: { status: number; head: string; body: Buffer } | undefined;
  #received = 0;
  #asked = false;
  #sent = false;
  /** Whether our last frame is not whole: a ping would become a part of it. */
  #unfinished = false;
  #closing = false;
  #quiet: NodeJS.Timeout | undefined;
  readonly #replies = new FrameSlicer();

  constructor(experiment: Experiment, socket: net.Socket, tell: Tell) {
    this.#experiment = experiment;
    this.#socket = socket;
    this.#tell = tell;
    const lifetime = setTimeout(() => this.#giveUp('the time is up'), laboratoryLimits.lifetimeMs);
    socket.write(experiment.request);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('end', () => this.#end('the server'));
    socket.on('error', () => {});
    this.ended = new Promise((resolve) => {
      socket.on('close', () => {
        clearTimeout(lifetime);
        clearTimeout(this.#quiet);
        resolve();
      });
    });
  }

  #read(chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#received > laboratoryLimits.received) this.#giveUp('the answer is too long');
    else if (this.#refusal !== undefined) this.#refusal.body = Buffer.concat([this.#refusal.body, chunk]);
    else if (this.#head === undefined) this.#readFrames(chunk);
    else this.#readHead(Buffer.concat([this.#head, chunk]));
  }

  #readHead(bytes: Buffer): void {
    this.#head = bytes;
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = bytes.toString('latin1', 0, end);
    const status = Number(head.slice(9, 12));
    const rest = bytes.subarray(end + 4);
    if (status !== 101) {
      this.#refusal = { status, head, body: rest };
      return;
    }
    this.#head = undefined;
    this.#tell({ step: 'response', status, head });
    if (rest.length > 0) this.#readFrames(rest);
    this.#send().catch((error: Error) => this.#giveUp(error.message));
  }

  async #send(): Promise<void> {
    const frames = new FrameSlicer();
    for (const [index, bytes] of this.#experiment.writes.entries()) {
      if (index > 0) await delay(laboratoryLimits.betweenMs);
      if (this.#socket.writableEnded || this.#socket.destroyed) return;
      this.#tell({ step: 'sent', bytes: bytes.toString('base64') });
      this.#socket.write(bytes);
      frames.push(bytes);
    }
    this.#unfinished = frames.finish() !== undefined;
    this.#sent = true;
    this.#wait();
  }

  #readFrames(chunk: Buffer): void {
    this.#tell({ step: 'received', bytes: chunk.toString('base64') });
    for (const { bytes } of this.#replies.push(chunk)) {
      if ((bytes[0]! & OPCODE) === Opcode.Close) this.#closing = true;
      else if (this.#asked && Buffer.compare(bytes, pongForAsk) === 0) this.#socket.write(leave);
    }
    if (this.#sent) this.#wait();
  }

  /** After silence the server is asked with a ping: its pong, or nothing at all, is what there was to be found out. */
  #wait(): void {
    clearTimeout(this.#quiet);
    const patience = this.#asked || this.#unfinished ? 8 : 1;
    this.#quiet = setTimeout(() => this.#onQuiet(), patience * laboratoryLimits.quietMs);
  }

  #onQuiet(): void {
    // The server has said that it goes: it will end TCP by itself.
    if (this.#closing || this.#socket.writableEnded) return;
    if (this.#asked || this.#unfinished) return this.#giveUp('the server waits for more');
    this.#asked = true;
    this.#tell({ step: 'asked', bytes: ask.toString('base64') });
    this.#socket.write(ask);
    this.#wait();
  }

  #end(who: string): void {
    if (this.#refusal !== undefined) {
      const { status, head, body } = this.#refusal;
      this.#tell({ step: 'response', status, head, body: body.toString() });
    }
    clearTimeout(this.#quiet);
    this.#tell({ step: 'ended', why: who });
    this.#socket.end();
  }

  #giveUp(why: string): void {
    this.#tell({ step: 'failed', why });
    this.#socket.destroy();
  }
}

const pongForAsk = encodeFrame(Buffer.from('laboratory'), { opcode: Opcode.Pong });
