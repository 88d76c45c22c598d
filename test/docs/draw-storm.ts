// Writes the chart of chapter 16 to docs/images/storm.svg: `npx tsx test/docs/draw-storm.ts`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './page.ts';
import { stormChart } from './storm.ts';

writeFileSync(path.join(root, 'docs/images/storm.svg'), stormChart());
