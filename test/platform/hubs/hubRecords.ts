import { z } from 'zod';

export const ReceivedSchema = z.object({
  user: z.string(),
  server: z.string(),
  options: z.record(z.string(), z.unknown()),
});
/** What a spawner was started with. */
export type Received = z.output<typeof ReceivedSchema>;

export const TokensSchema = z.object({
  api_tokens: z.array(
    z.object({
      id: z.string(),
      note: z.string(),
      scopes: z.array(z.string()),
      created: z.string(),
      expires_at: z.string().nullable(),
    }),
  ),
});
/** A token as the hub lists it. */
export type HubToken = z.output<typeof TokensSchema>['api_tokens'][number];

export const SeenByLabSchema = z.object({ uri: z.string(), isSocket: z.boolean(), digest: z.string() });
/** A request that came to a lab; `digest` is the SHA-256 of its `Authorization`, in hexadecimal. */
export type SeenByLab = z.output<typeof SeenByLabSchema>;
