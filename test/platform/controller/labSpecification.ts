import { z } from 'zod';
import { LAB_SIZES } from '../config';

const SENTINEL = 'use_image_from_dropdown';
const IMAGE_FIELDS = ['image_list', 'image_dropdown', 'image_class', 'image_tag'] as const;

const Flag = z
  .union([z.boolean(), z.literal('true'), z.literal('false')], { error: 'Invalid boolean value' })
  .transform((value) => value === true || value === 'true')
  .default(false);

const OptionsSchema = z.object({
  image_list: z.string().optional(),
  image_dropdown: z.string().optional(),
  image_class: z.enum(['recommended', 'latest-release', 'latest-weekly', 'latest-daily']).optional(),
  image_tag: z.string().optional(),
  size: z
    .string()
    .transform((name) => name.toLowerCase())
    .pipe(z.enum([...LAB_SIZES, 'custom'])),
  enable_debug: Flag,
  reset_user_env: Flag,
});

/** How a lab's image was chosen. */
export interface ImageChoice {
  readonly field: (typeof IMAGE_FIELDS)[number];
  readonly value: string;
}

/** The body of a create request: options as the hub's form or its API was given them, and an environment. */
export const LabSpecificationSchema = z.object({
  // Values that came through the hub's form are lists of one.
  options: z.preprocess(unwrapLists, OptionsSchema).transform((options, context) => {
    const given: Partial<Record<ImageChoice['field'], string | undefined>> = { ...options };
    if (given.image_list === SENTINEL) given.image_list = undefined;
    if (given.image_list !== undefined && given.image_list !== '') given.image_dropdown = undefined;
    const choices = IMAGE_FIELDS.flatMap((field): ImageChoice[] => {
      const value = given[field];
      return value === undefined || value === '' ? [] : [{ field, value }];
    });
    const [image, ...more] = choices;
    if (image === undefined || more.length > 0) {
      const names = choices.map((choice) => choice.field).sort();
      context.addIssue({
        code: 'custom',
        message:
          'Value error, ' +
          (image === undefined
            ? 'No image to spawn specified'
            : `Image specified multiple ways (${names.join(', ')})`),
      });
      return z.NEVER;
    }
    const { size, enable_debug, reset_user_env } = options;
    return { image, size, enableDebug: enable_debug, resetUserEnv: reset_user_env };
  }),
  env: z
    .record(z.string(), z.string())
    .refine(
      (env) => 'JUPYTERHUB_SERVICE_PREFIX' in env,
      'Value error, JUPYTERHUB_SERVICE_PREFIX must be set',
    ),
});

export type LabSpecification = z.output<typeof LabSpecificationSchema>;

function unwrapLists(options: unknown, context: z.RefinementCtx): unknown {
  if (typeof options !== 'object' || options === null) return options;
  const unwrapped: [string, unknown][] = [];
  for (const [name, value] of Object.entries(options)) {
    if (!Array.isArray(value)) {
      if (value !== null) unwrapped.push([name, value]);
      continue;
    }
    if (value.length > 1)
      context.addIssue({ code: 'custom', message: `Value error, Too many values for ${name}` });
    if (value.length > 0) unwrapped.push([name, value[0]]);
  }
  return Object.fromEntries(unwrapped);
}
