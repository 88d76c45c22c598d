// The channel between the inspector and the server: a token in the URL, records down, experiments up. It is itself not tapped.
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from '../../websocket/index.ts';
import type { Violation } from './echo.ts';
import { ExperimentError, readExperiment, runOf } from './experiment.ts';
import { laboratoryLimits, runExperiment } from './laboratory.ts';
import { type LabRecord, now } from './records.ts';
import { tokenOf } from './token.ts';
import type { Traces } from './traces.ts';

export const streamPath = '/inspector/stream';

const streamLimits = { maxPayload: 512 * 1024, connections: 256, waitingBytes: 8 * 1024 * 1024 };

/** Pages by token and run, for what the server's own end of an experiment has to say. */
type Runs = Map<string, (step: Omit<LabRecord, 'kind' | 'run'>) => void>;

const keyOf = (token: string | undefined, run: number | undefined) => `${token} ${run}`;

export class Stream {
  readonly #server: WebSocketServer;
  readonly #http: HttpServer;
  readonly #runs: Runs = new Map();
  #underWay = 0;

  constructor(http: HttpServer, traces: Traces) {
    this.#http = http;
    this.#server = new WebSocketServer({
      server: http,
      path: streamPath,
      origins: 'same',
      maxPayload: streamLimits.maxPayload,
      maxBufferedAmount: streamLimits.waitingBytes,
      closeTimeout: 1000,
      verifyClient: ({ req }, answer) => {
        if (tokenOf(req.url) === undefined) answer(false, 400, 'The inspector needs a token: ?wire=');
        else
          answer(this.#server.clients.size < streamLimits.connections, 503, 'Too many inspectors are open');
      },
    });
    this.#server.on('error', () => {});
    this.#server.on('connection', (socket, request) => this.#welcome(socket, tokenOf(request.url)!, traces));
  }

  drain(ms: number): Promise<void> {
    return this.#server.drain(ms);
  }

  #welcome(socket: WebSocket, token: string, traces: Traces): void {
    socket.on('error', () => {});
    if (traces.of(token)?.watch(socket) !== true) {
      socket.close(1013, 'Too many inspectors are open');
      return;
    }
    let runs = 0;
    socket.on('message', (data) => {
      const busy = runs >= laboratoryLimits.runsOfPage || this.#underWay >= laboratoryLimits.runs;
      if (busy)
        return tell(socket, { kind: 'lab', run: -1, step: 'failed', why: 'too many experiments at a time' });
      runs++;
      this.#underWay++;
      this.#experiment(socket, token, String(data)).finally(() => {
        runs--;
        this.#underWay--;
      });
    });
  }

  async #experiment(socket: WebSocket, token: string, text: string): Promise<void> {
    try {
      const experiment = readExperiment(text, token);
      const { run } = experiment;
      const key = keyOf(token, run);
      const report = (step: Omit<LabRecord, 'kind' | 'run'>) => tell(socket, { kind: 'lab', run, ...step });
      this.#runs.set(key, report);
      await runExperiment(experiment, this.#http.address() as AddressInfo, report);
      this.#runs.delete(key);
    } catch (error) {
      if (!(error instanceof ExperimentError)) throw error;
      tell(socket, { kind: 'lab', run: -1, step: 'failed', why: error.message });
    }
  }

  onViolation(request: IncomingMessage, { code, rule, message, closeCode }: Violation): void {
    const report = this.#runs.get(keyOf(tokenOf(request.url), runOf(request.url)));
    report?.({ step: 'violation', code, rule, message, closeCode });
  }
}

function tell(socket: WebSocket, record: LabRecord): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify([{ at: now(), ...record }]));
}
