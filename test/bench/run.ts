// `npm run bench`: measures this server beside its peers and a bare socket server on this machine, and prints the ratios.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BASELINE, baselineOf, readBaseline, renderAgainst } from './baseline.ts';
import { cells, selectCells } from './cells.ts';
import { compile } from './compile.ts';
import { drawFlame, readProfile } from './draw/flame.ts';
import { drawGrowth } from './draw/growth.ts';
import { drawRatios } from './draw/ratios.ts';
import { measureGrowth } from './growth/measure.ts';
import { renderGrowth } from './growth/report.ts';
import { renderMarkdown } from './markdown.ts';
import { type Laboratory, measure, taking } from './measure.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { listPeers, type Peer } from './peers/list.ts';
import { findProcessors, openFilesLimit } from './processors.ts';
import { profileName, renderProfile } from './profile.ts';
import { renderCell } from './report.ts';
import type { CellResult } from './results.ts';

/** A load average from which on somebody else is at work. */
const BUSY_LOAD = 0.7;
/** Files a process needs beside its connections. */
const OTHER_FILES = 200;

function selectPeers(names: readonly string[]): Peer[] {
  const peers = listPeers();
  for (const name of names) {
    if (!peers.some((peer) => peer.name === name))
      throw new Error(`There is no peer "${name}": ${namesOf(peers).join(', ')}`);
  }
  return names.length === 0 ? peers : peers.filter(({ name }) => names.includes(name));
}

function namesOf(peers: readonly Peer[]): string[] {
  return [...new Set(peers.map(({ name }) => name))];
}

/** On a terminal one line that changes; elsewhere (a log) silence between the tables. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function describeMachine(peers: readonly Peer[], lab: Laboratory): string {
  const { server, generator } = lab.processors;
  const pinned =
    server === undefined
      ? 'not pinned to a CPU (no taskset, or only one CPU): expect noise'
      : `server on CPU ${server}, generator on CPU ${generator}`;
  const load = os.loadavg()[0]!;
  return [
    `Node ${process.version} on ${os.cpus()[0]?.model ?? process.arch}, ${pinned}`,
    `${[...new Set(peers.map(({ name, version }) => `${name} ${version}`))].join(', ')}; medians of ${lab.options.rounds} interleaved rounds of ${lab.options.milliseconds} ms; × is the ratio to ws or socket.io`,
    ...(load > BUSY_LOAD
      ? [`The machine is busy (load ${load.toFixed(1)}): trust CPU per message more than rates.`]
      : []),
  ].join('\n');
}

async function bench(options: Options): Promise<void> {
  const chosen = selectCells(options.only);
  if (chosen.length === 0)
    throw new Error(
      `No cell has "${options.only}" in its name:\n${cells.map(({ name }) => `  ${name}`).join('\n')}`,
    );
  const peers = selectPeers(options.peers);
  if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true });
  showProgress('compiling');
  const compiled = compile();
  // Ctrl-C: the servers end with their IPC channel, the folder has to be told.
  process.on('SIGINT', () => process.exit(130)).on('exit', compiled.remove);
  const processors = findProcessors();
  const mostConnections = openFilesLimit() - OTHER_FILES;
  const lab: Laboratory = { compiled, processors, options, mostConnections, progress: () => {} };
  showProgress('');
  console.log(describeMachine(peers, lab));
  if (options.growth !== undefined) {
    const series = await measureGrowth(peers, { ...lab, progress: showProgress });
    showProgress('');
    console.log(renderGrowth(series));
    writeFileSync(options.growth, drawGrowth(series));
    return;
  }
  const results: CellResult[] = [];
  for (const [index, cell] of chosen.entries()) {
    let doing = '';
    const progress = (text: string) => {
      doing = `${cell.name}: ${text}`;
      showProgress(`[${index + 1}/${chosen.length}] ${doing}`);
    };
    const result = await measure(cell, peers, { ...lab, progress }).catch((error: Error) => {
      throw new Error(`${doing}: ${error.message}`);
    });
    showProgress('');
    console.log(`\n${renderCell(result)}`);
    if (options.profile !== undefined)
      for (const { name, profiles } of taking(peers, cell))
        if (profiles) console.log(renderProfile(options.profile, cell.name, name));
    if (options.profile !== undefined && options.flames !== undefined) {
      const file = path.join(options.profile, profileName(cell.name, 'wirehub'));
      const drawn = path.join(
        options.flames,
        `flame-${profileName(cell.name, 'wirehub').replace('-wirehub.cpuprofile', '.svg')}`,
      );
      writeFileSync(drawn, drawFlame(cell.name, readProfile(file)));
    }
    results.push(result);
  }
  if (options.json !== undefined) writeFileSync(options.json, json(peers, results));
  console.log(`\n${renderAgainst(results, readBaseline())}`);
  if (options.keepBaseline) {
    const kept = { ...readBaseline(), ...baselineOf(results) };
    writeFileSync(BASELINE, `${JSON.stringify(kept, null, 2)}\n`);
  }
  if (options.chart !== undefined) writeFileSync(options.chart, drawRatios(results));
  if (options.markdown !== undefined) writeFileSync(options.markdown, renderMarkdown(results));
}

function json(peers: readonly Peer[], results: readonly CellResult[]): string {
  const environment = {
    date: new Date().toISOString(),
    node: process.version,
    cpu: os.cpus()[0]?.model,
    peers: Object.fromEntries(peers.map(({ name, version }) => [name, version])),
  };
  return `${JSON.stringify({ environment, cells: results }, null, 2)}\n`;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(HELP);
  else if (options.list) {
    console.log(cells.map(({ name }) => name).join('\n'));
    console.log(`\nPeers: ${namesOf(selectPeers([])).join(', ')}`);
  } else await bench(options);
} catch (error) {
  showProgress('');
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
