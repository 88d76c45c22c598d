// Words for a demo that has started: its address comes in, what to open and how to join goes out.
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Where clients join that know nothing but WebSocket, or nothing but HTTP. */
export const plainPaths = { websocket: '/ws', events: '/events' };

export function greeting(version: string, { address, family, port }: AddressInfo): string {
  const wildcard = address === '0.0.0.0' || address === '::';
  const loopback = address === '127.0.0.1' || address === '::1';
  const host = wildcard || loopback ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  const lines = [
    `Wirehub ${version}`,
    '',
    `  Open the chat    http://${host}:${port}`,
    ...(wildcard ? lanAddresses() : []).map((lan) => `  On your network  http://${lan}:${port}`),
    `  From a terminal  npx wscat -c ws://${host}:${port}${plainPaths.websocket}`,
    `  Only listen      curl -N http://${host}:${port}${plainPaths.events}`,
    `  Only talk        curl -d 'Ada: hello' http://${host}:${port}${plainPaths.events}`,
    `  Understand it    http://${host}:${port}/docs/`,
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
