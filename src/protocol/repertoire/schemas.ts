import { z } from 'zod';

const ServiceSchema = z.object({
  url: z.url(),
  versions: z.record(z.string(), z.object({ url: z.url() })).default({}),
});
const UiServiceSchema = z.object({ url: z.url() });

/** Fields equal to their default are left out by the server, so every one may be missing. */
export const DiscoverySchema = z.object({
  environment_name: z.string().nullish(),
  applications: z.array(z.string()).default([]),
  datasets: z
    .record(
      z.string(),
      z.object({
        description: z.string().nullish(),
        docs_url: z.string().nullish(),
        services: z.record(z.string(), z.object({ url: z.string() })).default({}),
      }),
    )
    .default({}),
  services: z
    .object({
      internal: z.record(z.string(), ServiceSchema).default({}),
      ui: z.record(z.string(), UiServiceSchema).default({}),
    })
    .default({ internal: {}, ui: {} }),
});
export type Discovery = z.output<typeof DiscoverySchema>;
