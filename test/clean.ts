// Removes the folders named on the command line, for scripts that must also run where there is no `rm`.
import { rmSync } from 'node:fs';

for (const folder of process.argv.slice(2)) rmSync(folder, { recursive: true, force: true });
