// Asks the program whether a client may connect, and puts its answer into one form.
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { ServerOptions } from './options.ts';
import type { WebSocket } from './websocket.ts';

export interface Refusal {
  readonly status: number;
  readonly reason?: string | undefined;
  readonly headers?: Readonly<Record<string, string | number>> | undefined;
}

/** Calls back with nothing if the client is welcome; at once, or when `verifyClient` answers, once. */
export function verifyClient<Socket extends typeof WebSocket, Request extends typeof IncomingMessage>(
  req: InstanceType<Request>,
  { verifyClient: verify, handshakeTimeout = 0 }: ServerOptions<Socket, Request>,
  done: (refusal?: Refusal) => void,
): void {
  if (verify == null) return done();
  const info = {
    origin: req.headers.origin as string,
    secure: (req.socket as TLSSocket).encrypted === true,
    req,
  };
  if (verify.length < 2) {
    return done((verify as (client: typeof info) => unknown)(info) ? undefined : { status: 401 });
  }
  let answered = false;
  const answer = (refusal?: Refusal) => {
    if (answered) return;
    answered = true;
    clearTimeout(timer);
    done(refusal);
  };
  const timeout = { status: 503, reason: 'The server took too long to decide about this client' };
  const timer = handshakeTimeout > 0 ? setTimeout(answer, handshakeTimeout, timeout) : undefined;
  verify(info, (ok, status, reason, headers) =>
    answer(
      ok ? undefined : { status: status || 401, reason: reason || undefined, headers: headers ?? undefined },
    ),
  );
}
