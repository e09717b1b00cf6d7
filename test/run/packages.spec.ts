import { deepEqual } from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

import { arePackagesCurrent } from './packages.mjs';

interface Package {
  readonly version?: string;
  readonly optional?: boolean;
}

const LockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
});

describe('The lock file', () => {
  it('lists the optional packages for every system, since npm ci fails without', async () => {
    const file = path.resolve(__dirname, '..', '..', 'package-lock.json');
    const { packages } = LockSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    const listed = new Set(Object.keys(packages).map((at) => at.split('node_modules/').at(-1)));
    const wanted = Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) =>
      at === '' ? [] : Object.keys(optionalDependencies),
    );
    deepEqual(
      wanted.filter((name) => !listed.has(name)),
      [],
    );
  });
});

describe('Fetched packages', () => {
  let root: string;
  const locked: Readonly<Record<string, Package>> = {
    '': { version: '1.0.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/for-another-system': { version: '2.0.0', optional: true },
  };

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-packages-'));
    await mkdir(path.join(root, 'node_modules'));
    await writeFile(path.join(root, 'package-lock.json'), JSON.stringify({ packages: locked }));
  });

  afterEach(() => rm(root, { recursive: true }));

  it('are missing after a clone', () => {
    deepEqual(arePackagesCurrent(root), false);
  });

  const cases: readonly [what: string, installed: Readonly<Record<string, Package>>, isCurrent: boolean][] = [
    ['are current without those for other systems', { 'node_modules/a': { version: '1.0.0' } }, true],
    ['are stale when a version differs', { 'node_modules/a': { version: '0.9.0' } }, false],
    ['are stale when one is missing', {}, false],
    [
      'are stale when there is one that the lock file does not know',
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } },
      false,
    ],
  ];
  for (const [what, installed, isCurrent] of cases) {
    it(what, async () => {
      await writeFile(
        path.join(root, 'node_modules', '.package-lock.json'),
        JSON.stringify({ packages: installed }),
      );
      deepEqual(arePackagesCurrent(root), isCurrent);
    });
  }
});
