// Reads the command line of `npm run bench`.
import { parseArgs } from 'node:util';

export const HELP = `npm run bench                      every cell and every peer, about ten minutes
npm run bench -- --quick           shorter rounds and fewer of them, under two minutes
npm run bench -- --only WORD...    only cells whose name has all the words; "echo 64, handshakes" for several
                --peers a,b        only these peers (ratios are to ws, if it is among them)
                --rounds N         timed rounds of each peer in each cell
                --milliseconds N   length of a round
                --json FILE        also writes every round's numbers to FILE
                --markdown FILE    also writes the table of docs/performance.md to FILE
                --chart FILE       also draws the ratios as SVG into FILE
                --growth FILE      instead: what one costs with few and with many, drawn as SVG into FILE
                --flames FOLDER    also draws a flame graph of this server in each cell; needs --profile
                --keep-baseline    also keeps the CPU per message as the baseline of later runs
                --profile FOLDER   also writes CPU profiles of the servers to FOLDER and names their hot functions
                --list             names the cells and peers
                --help             this text`;

export interface Options {
  only: string;
  /** Empty for all. */
  peers: string[];
  rounds: number;
  /** Rounds of cells that start new processes for each. */
  memoryRounds: number;
  milliseconds: number;
  warmUpMilliseconds: number;
  json: string | undefined;
  markdown: string | undefined;
  chart: string | undefined;
  growth: string | undefined;
  flames: string | undefined;
  keepBaseline: boolean;
  profile: string | undefined;
  list: boolean;
  help: boolean;
}

export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      peers: { type: 'string', default: '' },
      rounds: { type: 'string' },
      milliseconds: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'string' },
      chart: { type: 'string' },
      growth: { type: 'string' },
      flames: { type: 'string' },
      'keep-baseline': { type: 'boolean', default: false },
      profile: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.only === undefined && positionals.length > 0)
    throw new Error(
      `What is "${positionals.join(' ')}"? To choose cells, write --only ${positionals.join(' ')}`,
    );
  const rounds = atLeastOne('rounds', values.rounds);
  const milliseconds = atLeastOne('milliseconds', values.milliseconds) ?? (values.quick ? 400 : 2000);
  return {
    // The words need no quotes: --only echo 64 KiB
    only: [values.only ?? '', ...positionals].join(' '),
    peers: values.peers.split(/[\s,]+/).filter((name) => name !== ''),
    rounds: rounds ?? (values.quick ? 3 : 7),
    memoryRounds: Math.min(rounds ?? 3, values.quick ? 1 : 3),
    milliseconds,
    warmUpMilliseconds: Math.ceil(milliseconds / 2),
    json: values.json,
    markdown: values.markdown,
    chart: values.chart,
    growth: values.growth,
    flames: values.flames,
    keepBaseline: values['keep-baseline'],
    profile: values.profile,
    list: values.list,
    help: values.help,
  };
}

function atLeastOne(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${name} wants a whole number from 1 on, not "${value}"`);
  return number;
}
