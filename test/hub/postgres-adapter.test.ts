// The official adapter for PostgreSQL, on a server of this file, connects two nodes.
import { after, before } from 'node:test';
import { createAdapter } from '@socket.io/postgres-adapter';
import { postgres } from '../support/tools.ts';
import { type Nodes, testNodes, together } from './nodes.ts';
import { Postgres } from './postgres.ts';
import { stage } from './stage.ts';

const { skip } = postgres();
let server: Postgres;

before(async () => {
  if (skip === false) server = await Postgres.start();
});
after(() => server?.stop());

/** Each test has channels of its own, on which no node of an earlier one says goodbye. */
let channels = 0;

const nodes: Nodes = async (t) => {
  const channelPrefix = `test-${channels++}`;
  const adapter = () => createAdapter(server.pool(), { channelPrefix });
  return together([await stage(t, { adapter: adapter() }), await stage(t, { adapter: adapter() })]);
};

testNodes('postgres-adapter', nodes, skip);
