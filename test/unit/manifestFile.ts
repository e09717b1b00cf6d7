import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { LabState } from '../../src/domain/lab/labState';
import { toRows } from '../../src/domain/rows/accountRows';
import { labRow } from '../../src/domain/rows/labRow';
import { toHubSite } from '../../src/domain/sites/site';
import { runningLab, sampleFacts } from '../fakes/accountFacts';
import { CHOICE } from '../fakes/labs';
import { sampleAccount } from '../fakes/samples';

export const ROOT = path.join(import.meta.dirname, '..', '..');
const HUB = { site: toHubSite(new URL('https://hub.example/')) };
const MenuItem = z.object({
  command: z.string(),
  when: z.string().optional(),
  group: z.string().optional(),
});
const ManifestSchema = z.object({
  main: z.string(),
  icon: z.string(),
  activationEvents: z.array(z.string()),
  contributes: z.object({
    authentication: z.array(z.object({ id: z.string(), label: z.string() })),
    commands: z.array(
      z.object({
        command: z.string(),
        title: z.string().min(1),
        category: z.string().min(1),
        icon: z.string().optional(),
        enablement: z.string().optional(),
      }),
    ),
    viewsContainers: z.object({ activitybar: z.array(z.object({ id: z.string(), icon: z.string() })) }),
    views: z.record(z.string(), z.array(z.object({ id: z.string(), name: z.string().min(1) }))),
    viewsWelcome: z.array(z.object({ view: z.string(), contents: z.string(), when: z.string().optional() })),
    menus: z.record(z.string(), z.array(MenuItem)),
    keybindings: z.array(z.object({ command: z.string(), when: z.string().min(1) })),
    configuration: z.object({
      properties: z.record(
        z.string(),
        z.object({
          default: z.unknown(),
          scope: z.string(),
          enum: z.array(z.unknown()).optional(),
          markdownDescription: z.string().min(1),
          markdownEnumDescriptions: z.array(z.string()).optional(),
        }),
      ),
    }),
  }),
});

/** What `package.json` says to the editor. */
export const manifest = ManifestSchema.parse(
  JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')),
);

function contextsOfAccounts(): readonly string[] {
  return [{}, HUB].flatMap((site) =>
    [true, false].map((isRefused) => {
      const account = sampleAccount({ ...site, isRefused });
      return toRows(sampleFacts({ account }), 0).context ?? '';
    }),
  );
}

/** Those of labs are put together of what tells what can be done with them. */
function contextsOfLabs(): readonly string[] {
  const problem = { kind: 'unexpected' } as const;
  const limits = { maxAgeHours: undefined, maxIdleHours: undefined };
  const labs: readonly LabState[] = [
    { kind: 'unknown' },
    { kind: 'none' },
    { kind: 'starting', sinceMs: 0, steps: [] },
    { kind: 'stopping' },
    { kind: 'failed', problem, steps: [] },
    runningLab,
  ];
  const accounts = [
    sampleAccount(),
    sampleAccount(HUB),
    { ...sampleAccount(HUB), server: { name: 'a', label: 'A' } },
  ];
  return accounts.flatMap((account) =>
    labs.flatMap((lab) =>
      [undefined, CHOICE].map(
        (usual) => labRow('a', { ...sampleFacts({ account, lab }), usual, limits }, 0).context ?? '',
      ),
    ),
  );
}

/** What rows call themselves, read from the code that makes them. */
export function contextsOfRows(): ReadonlySet<string> {
  const folder = path.join(ROOT, 'src', 'domain', 'rows');
  const texts = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  const written = texts.flatMap((text) =>
    [...text.matchAll(/'(rsp\.[a-zA-Z.]+)'/g)].map(([, id = '']) => id),
  );
  return new Set([...written, ...contextsOfAccounts(), ...contextsOfLabs()]);
}
