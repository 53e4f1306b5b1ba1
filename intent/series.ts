// From which of the kept resolutions a chart is drawn, and how wide its steps are. Pure arithmetic; all times are epoch milliseconds.

/** What is kept: rows as they were measured, five-minute buckets, one-hour buckets. Seconds. */
export const RESOLUTIONS = [
  { seconds: 1, keptMs: 6 * 3600_000 },
  { seconds: 300, keptMs: 14 * 24 * 3600_000 },
  { seconds: 3600, keptMs: 400 * 24 * 3600_000 },
] as const;

export interface SeriesRange {
  from: number;
  to: number;
  points: number; // at most
  now: number;
}

export interface SeriesSource {
  bucketSeconds: number; // of the rows that are read
  stepSeconds: number; // of the points that are shown; a multiple of it
}

/** The finest resolution that is still kept for the whole range and not finer than what is shown needs. */
export function chooseSource({ from, to, points, now }: SeriesRange): SeriesSource {
  const wanted = Math.max(1, Math.ceil((to - from) / 1000 / Math.max(1, points - 2))); // both ends may be cut steps
  const kept = RESOLUTIONS.filter(({ keptMs }) => from >= now - keptMs);
  const [finest = RESOLUTIONS[2]] = kept;
  const source = kept.findLast(({ seconds }) => seconds <= wanted) ?? finest;
  return { bucketSeconds: source.seconds, stepSeconds: Math.ceil(wanted / source.seconds) * source.seconds };
}
