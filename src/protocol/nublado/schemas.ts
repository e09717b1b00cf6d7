import { z } from 'zod';

/** What the controller knows about a running lab. */
export const UserStatusSchema = z
  .object({
    options: z
      .object({
        size: z.string().nullish(),
        image: z.string().nullish(),
        enable_debug: z.boolean().nullish(),
        reset_user_env: z.boolean().nullish(),
      })
      .nullish(),
    status: z.enum(['pending', 'running', 'terminating', 'terminated', 'failed']).nullish().catch(undefined),
    resources: z.object({ limits: z.object({ cpu: z.number(), memory: z.number() }) }).nullish(),
  })
  .transform((wire) => ({
    status: wire.status ?? undefined,
    size: wire.options?.size ?? undefined,
    imageReference: wire.options?.image ?? undefined,
    isDebug: wire.options?.enable_debug ?? false,
    hasResetEnvironment: wire.options?.reset_user_env ?? false,
    limits: wire.resources
      ? { cpuCores: wire.resources.limits.cpu, memoryBytes: wire.resources.limits.memory }
      : undefined,
  }));
export type UserStatus = z.output<typeof UserStatusSchema>;

const LabEventDataSchema = z.object({ message: z.string(), progress: z.number().nullish() });

/** One event of a lab's start; its data is JSON text. */
export const LabEventSchema = z
  .object({
    type: z.enum(['info', 'warning', 'error', 'failed', 'complete']),
    data: z.string().transform((text, context) => {
      try {
        return LabEventDataSchema.parse(JSON.parse(text));
      } catch {
        context.addIssue({ code: 'custom', message: 'no event' });
        return z.NEVER;
      }
    }),
  })
  .transform(({ type, data }) => ({ type, message: data.message, percent: data.progress ?? undefined }));
export type LabEvent = z.output<typeof LabEventSchema>;
