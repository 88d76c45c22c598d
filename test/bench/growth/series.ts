// The vocabulary of growth: how much of something there is, and what one of it costs then.

export interface GrowthPoint {
  x: number;
  /** CPU microseconds for one; undefined where only memory is measured. */
  micros?: number | undefined;
  /** Bytes for one; undefined where only time is measured. */
  bytes?: number | undefined;
}

export interface GrowthSeries {
  /** What one costs, "with so many": the title ends where the name of the many begins. */
  title: string;
  many: string;
  points: GrowthPoint[];
}

/** By how much one costs more among the most than among a tenth of them or fewer; 1 is linear growth. */
export function worsening(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  const last = known.at(-1);
  const before = known.at(-2);
  return last === undefined || before === undefined || before === 0 ? undefined : last / before;
}
