// What a program says of the gateways it wants, and what it need not say (docs/gateways.md).

/** For plain WebSocket clients. */
export interface WebSocketGatewayOptions {
  /** Where it is found, as in `/ws`. */
  path: string;
  /** The namespace that its clients join. Default `/`. */
  namespace?: string | undefined;
  /** Bytes of a message, also after decompression. Default: `maxHttpBufferSize` of the server. Beyond: 1009. */
  maxPayload?: number | undefined;
}

/** For event streams, and POSTs to the same path. */
export interface EventGatewayOptions {
  /** Where it is found, as in `/events`. */
  path: string;
  /** The namespace that its clients join. Default `/`. */
  namespace?: string | undefined;
  /** Bytes of the body of a POST. Default: `maxHttpBufferSize` of the server. Beyond: 413. */
  maxPayload?: number | undefined;
  /** Milliseconds that a client is told to wait before it comes back. Default 2,000. */
  retry?: number | undefined;
  /**
   * Milliseconds for which a client that was cut off may stay away and miss nothing; 0 for none. Default 15,000. With
   * connection state recovery its `maxDisconnectionDuration` counts instead.
   */
  resumeTime?: number | undefined;
  /** Characters that are remembered for each client, 100 more for each message. Default 100,000. */
  resumeSize?: number | undefined;
}

export function resolveEventOptions(options: EventGatewayOptions) {
  const { retry = 2_000, resumeTime = 15_000, resumeSize = 100_000 } = options;
  return { retry, resumeTime, resumeSize };
}

/** Other ways into the server: each a path, or options with one; several in an array. */
export interface GatewaysOptions {
  /** Plain WebSocket: text and JSON arrays instead of packets. */
  websocket?: string | WebSocketGatewayOptions | readonly (string | WebSocketGatewayOptions)[] | undefined;
  /** Server-sent events, and POSTs. */
  events?: string | EventGatewayOptions | readonly (string | EventGatewayOptions)[] | undefined;
}

/** One way or several, as options: all but the path may be left out. */
export function listOf<Options extends { path: string }>(
  given: string | Options | readonly (string | Options)[] | undefined,
): Options[] {
  const all = given === undefined ? [] : Array.isArray(given) ? given : [given];
  return (all as (string | Options)[]).map((one) =>
    typeof one === 'string' ? ({ path: one } as Options) : one,
  );
}
