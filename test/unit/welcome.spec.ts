import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { COMMANDS, CONTEXT } from '../../src/vscode/ids';

const ROOT = path.join(import.meta.dirname, '..', '..');
const THEMES = ['dark', 'hc', 'hcLight', 'light'];
const OF_EDITOR = ['ipynb.newUntitledIpynb', 'workbench.action.openSettings'];
const ManifestSchema = z.object({
  name: z.string(),
  publisher: z.string(),
  contributes: z.object({
    viewsWelcome: z.array(z.object({ contents: z.string() })),
    walkthroughs: z.array(
      z.object({
        id: z.string(),
        steps: z.array(
          z.object({
            description: z.string().min(1),
            media: z.object({ image: z.record(z.string(), z.string()), altText: z.string().min(1) }),
            completionEvents: z.array(z.string()).min(1),
          }),
        ),
      }),
    ),
  }),
});

describe('who is new here', () => {
  const manifest = ManifestSchema.parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));
  const { viewsWelcome, walkthroughs } = manifest.contributes;
  const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);

  it('is welcomed in plain words, since the view shows the marks of Markdown as they are', () => {
    const plain = viewsWelcome.map(({ contents }) => contents.replaceAll(/\(\S*?\)/g, ''));
    assert.deepEqual(
      plain.filter((contents) => /[`*_]/.test(contents)),
      [],
    );
  });

  it('is led to the walkthrough', () => {
    const full = `${manifest.publisher}.${manifest.name}#${walkthroughs[0]?.id}`;
    const links = viewsWelcome.map(({ contents }) => decodeURIComponent(contents)).join('\n');
    assert.ok(links.includes(`command:workbench.action.openWalkthrough?["${full}",false]`));
  });

  it('finds five steps there, each with a picture for every theme', () => {
    const pictures = steps.map(({ media }) => Object.keys(media.image).sort());
    const files = steps.flatMap(({ media }) => Object.values(media.image));
    assert.deepEqual(
      [pictures, new Set(files).size, files.filter((file) => !existsSync(path.join(ROOT, file)))],
      [[1, 2, 3, 4, 5].map(() => THEMES), 20, []],
    );
  });

  it('finds nothing but buttons that do something, and steps that end with what the code tells', () => {
    const commands: readonly string[] = [...Object.values(COMMANDS), ...OF_EDITOR];
    const contexts: readonly string[] = Object.values(CONTEXT);
    const links = steps.flatMap(({ description }) => [...description.matchAll(/\(command:([^)?]+)/g)]);
    const events = steps.flatMap(({ completionEvents }) => completionEvents);
    assert.deepEqual(
      [
        links.map(([, id = '']) => id).filter((id) => !commands.includes(id)),
        events.filter((event) => /^onContext:/.test(event) && !contexts.includes(event.slice(10))),
        links.length >= 5,
      ],
      [[], [], true],
    );
  });
});
