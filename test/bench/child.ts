// Starts a process of the benchmark on a CPU of its own, gives it commands over IPC and sees to it that it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Answer, Command } from './answering.ts';

const ANSWER_WITHIN_MS = 120_000;
const KEPT_OUTPUT = 4000;

export interface ChildOptions {
  name: string;
  command: readonly string[];
  /** Which CPU the process may run on, where that can be arranged. */
  cpu: number | undefined;
}

export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  #waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void } | undefined;
  #lastWords = '';
  /** How it ended, if it ended before it was told to. */
  obituary: string | undefined;

  private constructor({ name, command, cpu }: ChildOptions) {
    this.name = name;
    const pinned = cpu === undefined ? command : ['taskset', '-c', String(cpu), ...command];
    this.#process = spawn(pinned[0]!, pinned.slice(1), { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const output of [this.#process.stdout, this.#process.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => {
        this.#lastWords = (this.#lastWords + text).slice(-KEPT_OUTPUT);
      });
    }
    this.#process.on('message', (answer: Answer) => {
      if ('error' in answer) this.#settle(new Error(`${name}: ${answer.error}`));
      else this.#settle(answer.value);
    });
    this.#process.on('error', (error) => this.#settle(new Error(`${name} did not start: ${error.message}`)));
    this.#exited = new Promise((resolve) => {
      // `close`, not `exit`: by then all that it printed about its end has arrived.
      this.#process.on('close', (code, signal) => {
        this.obituary = `${name} ended (${signal ?? code}) ${this.#lastWords.trim()}`.trim();
        this.#settle(new Error(this.obituary));
        resolve();
      });
    });
  }

  /** Resolves with the child and the value of its hello. */
  static async start<Ready>(options: ChildOptions): Promise<{ child: Child; ready: Ready }> {
    const child = new Child(options);
    try {
      return { child, ready: await child.#answer<Ready>('start') };
    } catch (error) {
      child.#process.kill('SIGKILL');
      throw error;
    }
  }

  ask<Value>(command: string, argument?: unknown): Promise<Value> {
    const answer = this.#answer<Value>(command);
    const message: Command = { command, argument };
    this.#process.send(message, (error) => {
      if (error !== null) this.#settle(new Error(`${this.name} cannot be reached: ${error.message}`));
    });
    return answer;
  }

  /** Lets it end by itself, so that a CPU profile gets written. */
  async stop(): Promise<void> {
    // Not disconnect(): after that Node never says that the process is gone.
    if (this.#process.connected) this.#process.send({ command: 'stop' } satisfies Command, () => {});
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await this.#exited;
    clearTimeout(timer);
  }

  #answer<Value>(command: string): Promise<Value> {
    if (this.#waiting !== undefined) throw new Error(`${this.name} is still busy with another command`);
    return new Promise<Value>((resolve, reject) => {
      const timer = setTimeout(
        () => this.#settle(new Error(`${this.name} did not answer "${command}" in time`)),
        ANSWER_WITHIN_MS,
      );
      this.#waiting = {
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value as Value);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
    });
  }

  #settle(outcome: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (outcome instanceof Error) waiting?.reject(outcome);
    else waiting?.resolve(outcome);
  }
}
