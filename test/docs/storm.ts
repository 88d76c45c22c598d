// A server that comes back and ten thousand clients that look for it in; when they ask, with and without chance, as a chart out.
import { type BackoffSettings, backoff } from '../../src/client/backoff.ts';
import { settings } from '../../src/client/manager-api.ts';

const clients = 10_000;
/** Milliseconds from the moment that all lose their connection until somebody answers again. */
const outage = 10_000;
/** Milliseconds of each bar. */
const slot = 100;
const end = 16_000;

export interface Storm {
  readonly randomizationFactor: number;
  /** Attempts in each tenth of a second. */
  readonly attempts: readonly number[];
  /** Most attempts in a tenth of a second while somebody answers. */
  readonly worst: number;
}

/** The same numbers each time: a linear congruence, good enough for a picture. */
function dice(): () => number {
  let state = 1;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

export function storm(randomizationFactor: number): Storm {
  const chosen: BackoffSettings = {
    reconnectionDelay: () => settings.reconnectionDelay,
    reconnectionDelayMax: () => settings.reconnectionDelayMax,
    randomizationFactor: () => randomizationFactor,
  };
  const random = dice();
  const attempts = new Array<number>(end / slot).fill(0);
  for (let client = 0; client < clients; client++) {
    let now = 0;
    for (let attempt = 0; now < outage; attempt++) {
      now += backoff(chosen, attempt, random());
      attempts[Math.floor(now / slot)]!++;
    }
  }
  return { randomizationFactor, attempts, worst: Math.max(...attempts.slice(outage / slot)) };
}

const width = 720;
const height = 170;
const left = 20;
const baseline = height - 40;

/** Colours that can be read on white and on black. */
const ink = '#7d8590';
const colours = ['#c2410c', '#2f81c7'];

function chart({ attempts, randomizationFactor, worst }: Storm, at: number): string {
  const step = (width - 2 * left) / attempts.length;
  const bars = attempts.flatMap((count, index) => {
    const tall = (count / clients) * (baseline - 30);
    const x = (left + index * step).toFixed(1);
    return count === 0
      ? []
      : `<rect x="${x}" y="${(baseline - tall).toFixed(1)}" width="${(step - 1).toFixed(1)}" height="${tall.toFixed(1)}"/>`;
  });
  const back = left + (outage / slot) * step;
  const seconds = Array.from({ length: end / 2000 + 1 }, (_, index) => {
    const x = left + ((index * 2000) / slot) * step;
    return `<text x="${x.toFixed(1)}" y="${baseline + 16}" text-anchor="middle">${index * 2} s</text>`;
  });
  const title = `randomizationFactor ${randomizationFactor}: ${worst.toLocaleString('en-US')} at once when the server is back`;
  return [
    `<g transform="translate(0 ${at * height})">`,
    `<text x="${left}" y="16" font-weight="bold">${title}</text>`,
    `<g fill="${colours[at]}">${bars.join('')}</g>`,
    `<path d="M${left} ${baseline}H${width - left}M${back} 26V${baseline}" stroke="${ink}" fill="none"/>`,
    `<text x="${back - 6}" y="36" text-anchor="end">the server is back</text>`,
    ...seconds,
    '</g>',
  ].join('\n');
}

/** Both storms, one above the other. */
export function stormChart(): string {
  const label =
    'Attempts to connect in each tenth of a second, of ten thousand clients that lost their server at once';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${2 * height}" role="img" aria-label="${label}" font-family="system-ui, sans-serif" font-size="12" fill="${ink}">`,
    chart(storm(0), 0),
    chart(storm(settings.randomizationFactor), 1),
    '</svg>',
    '',
  ].join('\n');
}
