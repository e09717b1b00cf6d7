import { z } from 'zod';

/** The largest number of seconds, before and after the epoch, that a `Date` can tell. */
const MOST_SECONDS = 8.64e12;

/** A time as seconds since the epoch; one that no `Date` can tell is of no shape that anybody could use. */
export const EpochSeconds = z
  .number()
  .min(-MOST_SECONDS)
  .max(MOST_SECONDS)
  .transform((seconds) => new Date(seconds * 1000));
