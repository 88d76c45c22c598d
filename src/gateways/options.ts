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

/** Other ways into the server: each a path, or options with one; several in an array. */
export interface GatewaysOptions {
  /** Plain WebSocket: text and JSON arrays instead of packets. */
  websocket?: string | WebSocketGatewayOptions | readonly (string | WebSocketGatewayOptions)[] | undefined;
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
