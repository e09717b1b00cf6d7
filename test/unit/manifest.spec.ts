import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { GivenTrouble } from '../../src/domain/accounts/givenTrouble';
import type { LabState } from '../../src/domain/lab/labState';
import { labRow } from '../../src/domain/rows/labRow';
import type { OutOfReach } from '../../src/domain/rows/reach';
import { toHubSite } from '../../src/domain/sites/site';
import { AUTH_PROVIDER, COMMANDS, CONTEXT, SETTINGS, VIEW } from '../../src/vscode/ids';
import { runningLab, sampleFacts } from '../fakes/accountFacts';
import { CHOICE } from '../fakes/labs';
import { sampleAccount } from '../fakes/samples';

const ROOT = path.join(import.meta.dirname, '..', '..');
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

describe('the manifest', () => {
  const manifest = ManifestSchema.parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));
  const { contributes } = manifest;
  const sorted = (ids: readonly string[]): readonly string[] => [...ids].sort();
  const declared = contributes.commands.map(({ command }) => command);

  it('declares the commands that the code registers, each once, with a title and a category', () => {
    assert.deepEqual(sorted(declared), sorted(Object.values(COMMANDS)));
  });

  it('tells commands apart by title', () => {
    const titles = contributes.commands.map(({ category, title }) => `${category}: ${title}`);
    assert.deepEqual(
      [new Set(titles).size, new Set(contributes.commands.map((each) => each.category)).size],
      [titles.length, 1],
    );
  });

  it('declares the settings that the code reads, with a default that is one of their values', () => {
    const { properties } = contributes.configuration;
    const odd = Object.values(properties).filter(
      (property) =>
        property.enum !== undefined &&
        (!property.enum.includes(property.default) ||
          property.enum.length !== property.markdownEnumDescriptions?.length),
    );
    assert.deepEqual([sorted(Object.keys(properties)), odd], [sorted(Object.values(SETTINGS)), []]);
  });

  it('describes settings in Markdown, and leaves none of them to a repository', () => {
    const { properties } = contributes.configuration;
    const odd = Object.entries(properties).filter(
      ([, { scope, markdownDescription }]) =>
        !['application', 'machine'].includes(scope) || !markdownDescription.endsWith('.'),
    );
    assert.deepEqual(odd, []);
  });

  it('declares the view and the way to sign in that the code provides', () => {
    assert.deepEqual(
      [
        Object.values(contributes.views)
          .flat()
          .map(({ id }) => id),
        [...new Set(contributes.viewsWelcome.map(({ view }) => view))],
        contributes.authentication.map(({ id }) => id),
        Object.keys(contributes.views),
      ],
      [[VIEW], [VIEW], [AUTH_PROVIDER], contributes.viewsContainers.activitybar.map(({ id }) => id)],
    );
  });

  it('has in its menus only commands that exist, and in its welcome only links that do', () => {
    const inMenus = Object.values(contributes.menus)
      .flat()
      .map(({ command }) => command);
    const inWelcome = contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/\(command:([^)?]+)/g)].map(([, id = '']) => id),
    );
    const inKeys = contributes.keybindings.map(({ command }) => command);
    const ofEditor = [
      'workbench.action.openSettings',
      'workbench.action.openWalkthrough',
      'workbench.extensions.installExtension',
      'runCommands',
    ];
    assert.deepEqual(
      [...inMenus, ...inWelcome, ...inKeys].filter((id) => ![...declared, ...ofEditor].includes(id)),
      [],
    );
  });

  it('asks only for a context that the code sets, a view that it has and rows that it shows', () => {
    const conditions = [
      ...contributes.commands.map(({ enablement }) => enablement),
      ...contributes.viewsWelcome.map(({ when }) => when),
      ...contributes.keybindings.map(({ when }) => when),
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when)),
    ].filter((when) => when !== undefined);
    const words = new Set(conditions.flatMap((when) => when.match(/rsp\.[a-zA-Z.]+/g) ?? []));
    const rows = new Set(
      conditions.flatMap((when) => [...when.matchAll(/viewItem == (\S+)/g)].map(([, id = '']) => id)),
    );
    const known = new Set<string>([...Object.values(CONTEXT), VIEW, ...rows]);
    const contexts = contextsOfRows();
    assert.deepEqual(
      [[...words].filter((word) => !known.has(word)), [...rows].filter((row) => !contexts.has(row))],
      [[], []],
    );
  });

  it('fits each row of the lab to a menu of its own', () => {
    const patterns = Object.values(contributes.menus)
      .flat()
      .flatMap(({ when = '' }) => [...when.matchAll(/viewItem =~ \/(.+?)\/(?= |$)/g)])
      .map(([, pattern = '']) => new RegExp(pattern));
    const rows = [...contextsOfRows()].filter((context) => context.startsWith('rsp.lab.'));
    const unmatched = patterns.filter(
      (pattern) => ![...contextsOfRows()].some((context) => pattern.test(context)),
    );
    assert.deepEqual(
      [rows.filter((row) => !patterns.some((pattern) => pattern.test(row))), unmatched, rows.length],
      [[], [], 24],
    );
  });

  it('lets every command about a lab be used exactly where some lab fits it', () => {
    const enabled = new Map(contributes.commands.map(({ command, enablement }) => [command, enablement]));
    const { mayStartLab, mayStopLab, mayRestartLab, hasUsualLab, keptBusy, signedIn } = CONTEXT;
    const fit: readonly (readonly [command: string, enablement: string])[] = [
      [COMMANDS.startLab, mayStartLab],
      [COMMANDS.startUsualLab, `${mayStartLab} && ${hasUsualLab}`],
      [COMMANDS.startLabFromImage, mayStartLab],
      [COMMANDS.findImage, signedIn],
      [COMMANDS.stopLab, mayStopLab],
      [COMMANDS.restartLab, mayRestartLab],
      [COMMANDS.restartLabOther, mayRestartLab],
      [COMMANDS.newServer, CONTEXT.mayNameServers],
      [COMMANDS.removeServer, CONTEXT.hasNamedServers],
      [COMMANDS.restartLabReset, signedIn], // after a start that failed it is a start
      [COMMANDS.keepLabBusy, mayStopLab],
      [COMMANDS.letLabRest, keptBusy],
      [COMMANDS.showLabActions, signedIn],
      [COMMANDS.showEvents, signedIn],
      [COMMANDS.openInBrowser, signedIn],
    ];
    assert.deepEqual(
      fit.map(([command]) => [command, enabled.get(command)]),
      fit,
    );
    const labCommands = declared.filter((command) => command.startsWith('rsp.lab.'));
    assert.deepEqual(
      labCommands.filter((command) => !fit.some(([known]) => known === command)),
      [],
    );
  });

  it('has in the toolbar of notebooks one button, for whatever state the lab is in', () => {
    const kinds: readonly LabState['kind'][] = [
      'unknown',
      'none',
      'starting',
      'running',
      'stopping',
      'failed',
    ];
    const items = contributes.menus['notebook/toolbar'] ?? [];
    const shown = kinds.map((kind) =>
      items
        .filter(({ when = '' }) => new RegExp(/rsp\.lab =~ \/(.+?)\/$/.exec(when)?.[1] ?? '^$').test(kind))
        .map(({ command }) => command),
    );
    const [start, actions] = [[COMMANDS.startLab], [COMMANDS.showLabActions]];
    assert.deepEqual(
      [
        shown,
        items.every(({ when = '' }) =>
          when.includes(`notebookType == jupyter-notebook && ${CONTEXT.signedIn}`),
        ),
      ],
      [[start, start, actions, actions, actions, start], true],
    );
  });

  it('offers what a row offers with a click by its menu, too, for those who use the keyboard', () => {
    const items = contributes.menus['view/item/context'] ?? [];
    const isInline = ({ group = '' }: { readonly group?: string | undefined }): boolean =>
      group.startsWith('inline');
    const inMenu = items.filter((item) => !isInline(item)).map(({ command }) => command);
    assert.deepEqual(
      items.filter((item) => isInline(item) && !inMenu.includes(item.command)),
      [],
    );
  });

  it('welcomes whoever sees an empty view, whatever the reason', () => {
    const reasons: { readonly [key: string]: readonly string[] } = {
      [CONTEXT.unreachable]: ['network', 'certificate', 'site'] satisfies readonly OutOfReach[],
      [CONTEXT.givenTrouble]: ['file', 'site', 'token'] satisfies readonly GivenTrouble[],
    };
    const whens = contributes.viewsWelcome.map(({ when = '' }) => when);
    const missing = Object.entries(reasons).flatMap(([key, values]) =>
      values.filter((value) => !whens.some((when) => when.endsWith(` && ${key} == ${value}`))),
    );
    assert.deepEqual(
      [
        missing,
        whens.includes(`!${CONTEXT.signedIn} && !${CONTEXT.givenTrouble}`),
        whens.includes(CONTEXT.jupyterMissing),
      ],
      [[], true, true],
    );
  });

  it('has icons that exist', () => {
    const icons = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...contributes.commands.flatMap(({ icon }) => icon ?? []),
    ];
    const odd = icons.filter((icon) => !/^\$\([a-z-]+\)$/.test(icon) && !existsSync(path.join(ROOT, icon)));
    assert.deepEqual(odd, []);
  });

  it('wakes the extension without waiting for a command of its own', () => {
    assert.deepEqual(sorted(manifest.activationEvents), ['onNotebook:jupyter-notebook', 'onStartupFinished']);
  });
});

/** What rows call themselves, read from the code that makes them. */
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
  const hub = { site: toHubSite(new URL('https://hub.example/')) };
  const accounts = [
    sampleAccount(),
    sampleAccount(hub),
    { ...sampleAccount(hub), server: { name: 'a', label: 'A' } },
  ];
  return accounts.flatMap((account) =>
    labs.flatMap((lab) =>
      [undefined, CHOICE].map(
        (usual) => labRow('a', { ...sampleFacts({ account, lab }), usual, limits }, 0).context ?? '',
      ),
    ),
  );
}

function contextsOfRows(): ReadonlySet<string> {
  const folder = path.join(ROOT, 'src', 'domain', 'rows');
  const texts = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  const written = texts.flatMap((text) =>
    [...text.matchAll(/'(rsp\.[a-zA-Z.]+)'/g)].map(([, id = '']) => id),
  );
  return new Set([...written, ...contextsOfLabs()]);
}
