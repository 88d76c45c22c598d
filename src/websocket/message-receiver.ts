// What a layer above a WebSocket is told, without listeners and with texts as strings.

export interface MessageReceiver {
  /** A text message, as the string it is. */
  onSocketText(text: string): void;
  /** A binary message, as a Buffer whatever the connection's `binaryType`. */
  onSocketBinary(data: Buffer): void;
  /** The peer broke the protocol or a limit; always followed by `onSocketClose`. */
  onSocketError(error: Error): void;
  /** The connection has ended. */
  onSocketClose(): void;
}
