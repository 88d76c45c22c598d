// Measures the same chat by each of the ways and writes docs/data/ways.json, which chapter 1 is held against.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Chat, chat } from './chat.ts';
import { ways } from './clients.ts';

const settings: Chat = { people: 50, messages: 100, pause: 200 };

const rows: (string | number)[][] = [];
for (const [name, join] of Object.entries(ways)) {
  const { requests, bytes, cpu, delays } = await chat(join, settings);
  const deliveries = settings.people * settings.messages;
  const middle = delays[Math.floor(delays.length / 2)]!;
  rows.push([
    name,
    requests,
    Math.round(bytes / 1000),
    Math.round(bytes / deliveries),
    middle < 10 ? Math.round(middle * 10) / 10 : Math.round(middle),
    Math.round(cpu / deliveries),
  ]);
  console.log(rows.at(-1)!.join(' | '));
}

const measurement = {
  command: 'npx tsx test/ways/measure.ts',
  made: `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${os.cpus()[0]!.model}`,
  settings,
  tables: { ways: rows },
};
const file = path.join(import.meta.dirname, '../../docs/data/ways.json');
// Each row in a line, as the formatter has it.
const json = JSON.stringify(measurement, undefined, 2).replace(/\[\s+("[^[\]]+?)\s+\]/g, (_, row: string) => {
  return `[${row.replace(/\s*\n\s*/g, ' ')}]`;
});
writeFileSync(file, `${json}\n`);
