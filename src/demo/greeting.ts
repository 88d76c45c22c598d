// Words for a demo that has started: its address comes in, what to open and how to join goes out.
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Where clients that know nothing but WebSocket join. */
export const plainPath = '/ws';

export function greeting(version: string, { address, family, port }: AddressInfo): string {
  const wildcard = address === '0.0.0.0' || address === '::';
  const loopback = address === '127.0.0.1' || address === '::1';
  const host = wildcard || loopback ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  const lines = [
    `Wirehub ${version}`,
    '',
    `  Open the chat         http://${host}:${port}`,
    ...(wildcard ? lanAddresses() : []).map((lan) => `  On your network       http://${lan}:${port}`),
    `  Join with any client  ws://${host}:${port}${plainPath}`,
    `  From a terminal       npx wscat -c ws://${host}:${port}${plainPath}`,
    '',
  ];
  if (loopback) lines.push('Only this machine can connect; --host 0.0.0.0 lets your network in.');
  lines.push('Ctrl+C stops.');
  return lines.join('\n');
}

function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}
