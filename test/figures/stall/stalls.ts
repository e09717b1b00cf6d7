import { z } from 'zod';

/** Of each pair of floods, for how long the event loop stood still at the most. */
export const StallsSchema = z.array(z.object({ bareMs: z.number(), oursMs: z.number() }));
export type Stalls = z.output<typeof StallsSchema>;
