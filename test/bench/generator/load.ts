// What every kind of load has in common: it opens its connections once, then runs timed rounds on them.
import type { Count } from '../work.ts';

export interface Load {
  open(port: number): Promise<void>;
  run(milliseconds: number): Promise<Count>;
  close(): void;
}
