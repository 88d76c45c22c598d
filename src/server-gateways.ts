// Wires the gateways: the options of a server in, gateways on its HTTP server out.
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { runMiddlewares } from './engine/middlewares.ts';
import type { ResolvedEngineOptions } from './engine/options.ts';
import type { EngineServer } from './engine/server.ts';
import { UpgradeResponse } from './engine/upgrade-response.ts';
import { EventGateway } from './gateways/event-gateway.ts';
import { attachGateway, type Gateway } from './gateways/gateway.ts';
import {
  type EventGatewayOptions,
  type GatewaysOptions,
  listOf,
  resolveEventOptions,
  type WebSocketGatewayOptions,
} from './gateways/options.ts';
import type { GatewayHost, SessionContext } from './gateways/session.ts';
import { Translations } from './gateways/translated-packet.ts';
import { WebSocketGateway } from './gateways/websocket-gateway.ts';
import { type ConnectRefusal, mayConnect } from './http/may-connect.ts';
import { Decoder, decoderDefaults } from './protocol/socketio/decoder.ts';
import type { ResolvedServerOptions } from './server-options.ts';
import { WebSocket, WebSocketServer } from './websocket/index.ts';

/** What the hub has encoded itself is as large as the program wanted it to be. */
const unlimited = { maxAttachments: Number.POSITIVE_INFINITY, maxNesting: Number.POSITIVE_INFINITY };

/** The server, for its gateways. */
export function gatewayHost(
  io: Pick<GatewayHost, 'encoder' | 'onconnection'> & { readonly opts: ResolvedServerOptions },
): GatewayHost {
  const { parser, maxNesting, connectionStateRecovery } = io.opts;
  return {
    encoder: io.encoder,
    maxNesting: maxNesting ?? decoderDefaults.maxNesting,
    recoveryTime: connectionStateRecovery?.maxDisconnectionDuration,
    newDecoder: () => (parser === undefined ? new Decoder(unlimited) : new parser.Decoder()),
    onconnection: (session) => io.onconnection(session),
  };
}

/** Attaches those that the options ask for; what the engine has been told of who may connect holds for them too. */
export function attachGateways(
  server: HttpServer,
  host: GatewayHost,
  engine: EngineServer,
  gateways: GatewaysOptions = {},
): Gateway[] {
  const translations = new Translations(host.newDecoder);
  const contextOf = ({ namespace = '/' }: { namespace?: string | undefined }): SessionContext => ({
    host,
    namespace,
    translations,
  });
  const put = (gateway: Gateway, { path }: { path: string }) => {
    attachGateway(server, path, behindMiddlewares(gateway, engine));
    return gateway;
  };
  return [
    ...listOf(gateways.websocket).map((one) => put(webSocketGateway(contextOf(one), one, engine.opts), one)),
    ...listOf(gateways.events).map((one) => put(eventGateway(contextOf(one), one, engine.opts), one)),
  ];
}

function webSocketGateway(
  context: SessionContext,
  { maxPayload }: WebSocketGatewayOptions,
  options: ResolvedEngineOptions,
): Gateway {
  const { perMessageDeflate, maxBufferedAmount, maxHttpBufferSize, pingInterval } = options;
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: perMessageDeflate as boolean,
    maxPayload: maxPayload ?? maxHttpBufferSize,
    maxBufferedAmount,
    heartbeat: pingInterval,
    verifyClient: ({ req }, answer) =>
      askWhether(req, options, (refusal) => answer(refusal === undefined, 403, refusal)),
  });
  return new WebSocketGateway(context, webSockets, WebSocket.prepare);
}

function eventGateway(
  context: SessionContext,
  one: EventGatewayOptions,
  options: ResolvedEngineOptions,
): Gateway {
  const { maxBufferedAmount, maxHttpBufferSize, pingInterval } = options;
  const { retry, resumeTime, resumeSize } = resolveEventOptions(one);
  return new EventGateway(
    { ...context, retry, resumeTime, resumeSize, maxBufferedAmount },
    {
      keepAlive: pingInterval,
      maxBody: one.maxPayload ?? maxHttpBufferSize,
      mayConnect: (request, done) => askWhether(request, options, done),
    },
  );
}

/** Calls back with nothing, or with the reason why a client may not connect. */
function askWhether(
  request: IncomingMessage,
  options: ResolvedEngineOptions,
  done: (refusal?: string) => void,
): void {
  mayConnect(request, options, true, (refusal) => done(refusal && explain(refusal)));
}

function explain({ name, origin, message }: ConnectRefusal): string {
  if (name === 'CROSS_ORIGIN') return `Pages of ${origin} may not connect (see the option "cors")`;
  return typeof message === 'string' ? message : 'Forbidden';
}

/** What middlewares of the engine do to its requests they do to those of gateways as well. */
function behindMiddlewares(gateway: Gateway, engine: EngineServer): Gateway {
  const after = (request: IncomingMessage, response: ServerResponse, refuse: () => void, go: () => void) =>
    runMiddlewares(engine.middlewares, request, response, (error) => {
      if (error !== undefined) refuse();
      else if (!response.headersSent && !response.writableEnded && !request.socket.destroyed) go();
    });
  return {
    handleRequest(request, response) {
      const refuse = () => void response.writeHead(400).end();
      after(request, response, refuse, () => gateway.handleRequest(request, response));
    },
    handleUpgrade(request, socket: Duplex, head) {
      // The client may leave at any time, while nobody else has the socket.
      const onError = () => void socket.destroy();
      socket.on('error', onError);
      const refuse = () => void socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      after(request, new UpgradeResponse(request, socket), refuse, () => {
        socket.off('error', onError);
        gateway.handleUpgrade?.(request, socket, head);
      });
    },
    close: () => gateway.close(),
  };
}
