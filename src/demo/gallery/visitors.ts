// The namespace of a gallery page: as many visitors as it has room for come in, each held to a rate, with a word about it.
import type { Namespace, Server } from '../../index.ts';
import { TokenBucket } from '../token-bucket.ts';

export interface Room {
  /** Visitors at a time. */
  readonly places: number;
  /** Events of one visitor at once, and in a second. */
  readonly burst: number;
  readonly perSecond: number;
}

const noticeEveryMs = 5000;

export function visitors(io: Server, name: string, { places, burst, perSecond }: Room): Namespace {
  const namespace: Namespace = io.of(`/gallery/${name}`);
  namespace.use((_socket, next) =>
    next(
      namespace.sockets.size < places ? undefined : new Error('This page is full. Please come back later'),
    ),
  );
  namespace.on('connection', (socket) => {
    const bucket = new TokenBucket(burst, perSecond);
    let noticed = Number.NEGATIVE_INFINITY;
    socket.use((_event, next) => {
      if (bucket.take(1)) return next();
      if (performance.now() - noticed > noticeEveryMs) {
        noticed = performance.now();
        socket.emit(
          'notice',
          `That was more than ${perSecond} messages a second. What is above that is lost.`,
        );
      }
      next(new Error('too many events'));
    });
    // What a visitor does wrong is nobody else's business.
    socket.on('error', () => {});
  });
  return namespace;
}

/** A whole number within bounds, whatever was sent. */
export function whole(value: unknown, least: number, most: number): number | undefined {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
    ? (value as number)
    : undefined;
}
