// Finds two CPUs, one for the server and one for the load generator, and how many files a process may open.
import { spawnSync } from 'node:child_process';

export interface Processors {
  server: number | undefined;
  generator: number | undefined;
}

/** The first two CPUs this process may use; none where `taskset` is missing or there is only one. */
export function findProcessors(): Processors {
  const { status, stdout } = spawnSync('taskset', ['-pc', String(process.pid)], { encoding: 'utf8' });
  const allowed = status === 0 ? parseCpuList(stdout.slice(stdout.lastIndexOf(':') + 1)) : [];
  if (allowed.length < 2) return { server: undefined, generator: undefined };
  return { server: allowed[0], generator: allowed[1] };
}

/** `0-2,5` is 0, 1, 2, 5. */
function parseCpuList(list: string): number[] {
  return list
    .trim()
    .split(',')
    .flatMap((range) => {
      const [first = Number.NaN, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

/** Node raises its soft limit to the hard one by itself, so the hard one counts. */
export function openFilesLimit(): number {
  const { status, stdout } = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' });
  const limit = Number(stdout.trim());
  return status === 0 && Number.isFinite(limit) ? limit : Number.POSITIVE_INFINITY;
}
