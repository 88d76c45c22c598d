// Somebody in the chat, by each of the ways there are: what is said comes in, what is heard goes out.
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

/** Is told each message, in order. */
export type Hear = (message: string) => void;

export interface Person {
  say(message: string): void;
  leave(): void;
}

/** Resolves when the person hears what is said. */
export type Join = (port: number, hear: Hear) => Promise<Person>;

/** What a browser sends with each request of a page, beside the line and `Host`: about as long as theirs. */
const browserHeaders = {
  'User-Agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  Accept: '*/*',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  'Accept-Language': 'en-US,en;q=0.9',
  Referer: 'http://localhost/chat',
  'Sec-Fetch-Dest': 'empty',
  'Sec-Fetch-Mode': 'cors',
  'Sec-Fetch-Site': 'same-origin',
  Cookie: 'session=6f1e0c4b9a7d4f0db7c1a52e8d3f9b60',
};

/** A page's requests to its server, on connections that are kept. */
class Page {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 6 });
  readonly #port: number;
  left = false;

  constructor(port: number) {
    this.#port = port;
  }

  fetch(path: string, body?: string): Promise<IncomingMessage> {
    const method = body === undefined ? 'GET' : 'POST';
    const headers =
      body === undefined
        ? browserHeaders
        : { ...browserHeaders, 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const sent = request({ port: this.#port, path, method, headers, agent: this.#agent }, resolve);
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async say(message: string): Promise<void> {
    (await this.fetch('/say', message)).resume();
  }

  leave(): void {
    this.left = true;
    this.#agent.destroy();
  }
}

/** Asks for what is new, for ever, with a pause between. */
function asks(path: string, pause: number): Join {
  return async (port, hear) => {
    const page = new Page(port);
    let heard = 0;
    async function ask(where: string): Promise<void> {
      const messages = JSON.parse(await text(await page.fetch(`${where}?since=${heard}`))) as string[];
      heard += messages.length;
      for (const message of messages) hear(message);
    }
    async function askOn(): Promise<void> {
      // Not all pages were opened at the same moment.
      if (pause > 0) await rest(Math.random() * pause);
      while (!page.left) {
        await ask(path);
        if (pause > 0) await rest(pause);
      }
    }
    await ask('/poll');
    askOn().catch((error) => {
      if (!page.left) throw error;
    });
    return { say: (message) => void page.say(message), leave: () => page.leave() };
  };
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const listens: Join = async (port, hear) => {
  const page = new Page(port);
  const stream = await page.fetch('/events');
  let rest = '';
  stream.on('data', (chunk) => {
    const events = (rest + chunk).split('\n\n');
    rest = events.pop()!;
    for (const event of events) hear(event.slice('data: '.length));
  });
  stream.on('error', () => {});
  return { say: (message) => void page.say(message), leave: () => page.leave() };
};

const connects: Join = async (port, hear) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: browserHeaders });
  socket.on('message', (data) => hear(String(data)));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { say: (message) => socket.send(message), leave: () => socket.terminate() };
};

export const ways: Readonly<Record<string, Join>> = {
  'polling, every 5 s': asks('/poll', 5000),
  'polling, every second': asks('/poll', 1000),
  'long-polling': asks('/wait', 0),
  'server-sent events': listens,
  WebSocket: connects,
};
