import { z } from 'zod';

const FormattedSchema = z.object({ gfm: z.string() });

/** A message of the people who run a site to everybody who uses it; its words are Markdown. */
export const BroadcastSchema = z
  .object({
    id: z.string(),
    summary: FormattedSchema,
    body: FormattedSchema.nullish(),
    active: z.boolean(),
    category: z.enum(['outage', 'info', 'notice']).catch('notice'), // a category of a later version is worth reading
  })
  .transform(({ id, summary, body, active, category }) => ({
    id,
    summary: summary.gfm.trim(),
    body: body?.gfm.trim() ?? '',
    isActive: active,
    category,
  }));
export type Broadcast = z.output<typeof BroadcastSchema>;
