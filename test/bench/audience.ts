// Clients that only listen, in a process of their own: a task comes in by IPC, an answer goes out when all are connected.
import { Connection } from './generator/connection.ts';

export interface Task {
  readonly port: number;
  readonly clients: number;
  readonly socketIo: boolean;
}

process.once('message', async ({ port, clients, socketIo }: Task) => {
  await Promise.all(Array.from({ length: clients }, () => Connection.open({ port, socketIo })));
  process.send!('connected');
});
// With the process that asked for them they end, even if that is killed.
process.once('disconnect', () => process.exit());
