// What pages have in place of `node.ts`: the bundles take this file instead of that one.
import type { Link } from './link.ts';

export const binaryType = 'arraybuffer';

export const received = (bytes: ArrayBuffer): ArrayBuffer => bytes;

export const keepCookies = (): void => {};

export const headersOf = ({ options }: Link): Record<string, string> | undefined => options.extraHeaders;

export const noTransports = (): string => 'No transports available';

export const unref = (): void => {};

export const socketSettings = (): undefined => undefined;

export const sendSettings = (): undefined => undefined;
