import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AUTH_PROVIDER, COMMANDS, CONTEXT, SETTINGS, VIEW } from '../../src/vscode/ids';

const ROOT = path.join(import.meta.dirname, '..', '..');
const MenuItem = z.object({ command: z.string(), when: z.string().optional() });
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
    configuration: z.object({
      properties: z.record(
        z.string(),
        z.object({
          default: z.unknown(),
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

  it('declares the view and the way to sign in that the code provides', () => {
    assert.deepEqual(
      [
        Object.values(contributes.views)
          .flat()
          .map(({ id }) => id),
        contributes.viewsWelcome.map(({ view }) => view),
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
    assert.deepEqual(
      [...inMenus, ...inWelcome].filter((id) => !declared.includes(id)),
      [],
    );
  });

  it('asks only for a context that the code sets, a view that it has and rows that it shows', () => {
    const conditions = [
      ...contributes.commands.map(({ enablement }) => enablement),
      ...contributes.viewsWelcome.map(({ when }) => when),
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
      [[], [], 6],
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
function contextsOfRows(): ReadonlySet<string> {
  const folder = path.join(ROOT, 'src', 'domain', 'rows');
  const texts = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/'(rsp\.[a-zA-Z.]+)'/g)].map(([, id = '']) => id)),
  );
}
