// What a browser, or Node, has and this client uses: named here because the compiler is not told that there is a DOM.
/** A WebSocket as the platform, or a package such as `ws`, makes it (WHATWG WebSockets §3). */
export interface PlatformWebSocket {
  readonly readyState: number;
  binaryType: unknown;
  onopen: unknown;
  onmessage: unknown;
  onerror: unknown;
  onclose: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: platforms differ in what they take
  send(data: any, options?: any): void;
  close(): void;
}

/** Browsers ignore the third argument; others take headers and settings of TLS with it. */
export type WebSocketClass = new (
  url: string,
  protocols?: string | string[],
  // biome-ignore lint/suspicious/noExplicitAny: each class has its own
  options?: any,
) => PlatformWebSocket;

interface Events {
  addEventListener?(event: string, listener: () => void, options: { signal: AbortSignal }): void;
}

interface Platform extends Events {
  readonly location?: { readonly protocol: string; readonly href: string };
  readonly document?: Events & { readonly hidden: boolean };
  readonly WebSocket?: WebSocketClass;
}

/** The global object; asked anew each time, since programs may add to it. */
export const platform = globalThis as unknown as Platform;

export interface TimerOptions {
  /** Use the timers that were there when this file was loaded, whatever has replaced them since. Default false. */
  useNativeTimers?: boolean | undefined;
  /** In Node: let the process end although a timer runs. Default false. */
  autoUnref?: boolean | undefined;
}
