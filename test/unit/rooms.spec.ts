import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const SRC = path.join(import.meta.dirname, '..', '..', 'src');
/** From left to right; a room may import from itself and from rooms further left. */
const ROOMS = ['common', 'protocol', 'domain', 'vscode', 'extension.ts'];
const files = globSync('**/*.ts', { cwd: SRC })
  .map((file) => file.split(path.sep).join('/'))
  .sort();
const texts = new Map(files.map((file) => [file, readFileSync(path.join(SRC, file), 'utf8')]));

/** Every module that a file names, types and late imports included. */
function importsOf(file: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(texts.get(file) ?? '', true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

function resolve(file: string, name: string): string | undefined {
  if (!name.startsWith('.')) return undefined;
  const target = path.posix.join(path.posix.dirname(file), name);
  return [`${target}.ts`, `${target}/index.ts`, target].find((candidate) => texts.has(candidate));
}

const own = new Map(
  files.map((file) => [file, importsOf(file).flatMap((name) => resolve(file, name) ?? [])] as const),
);
const roomOf = (file: string): number => ROOMS.indexOf(file.split('/')[0] ?? '');
const isPure = (file: string): boolean => roomOf(file) < ROOMS.indexOf('vscode');

describe('the rooms', () => {
  it('hold every file', () => {
    assert.deepEqual([files.filter((file) => roomOf(file) < 0), files.length > 50], [[], true]);
  });

  it('lead to files that exist', () => {
    const lost = files.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('.') && resolve(file, name) === undefined)
        .map((name) => `${file} → ${name}`),
    );
    assert.deepEqual(lost, []);
  });

  it('import from the left only', () => {
    const toTheRight = files.flatMap((file) =>
      (own.get(file) ?? [])
        .filter((target) => roomOf(target) > roomOf(file))
        .map((target) => `${file} → ${target}`),
    );
    assert.deepEqual(toTheRight, []);
  });

  it('have no circles, types included', () => {
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '));
      if (way.includes(file) || done.has(file)) return;
      for (const target of own.get(file) ?? []) visit(target, [...way, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    assert.deepEqual(circles, []);
  });

  it('left of the editor never name it', () => {
    const naming = files.filter((file) => isPure(file) && importsOf(file).includes('vscode'));
    assert.deepEqual(naming, []);
  });

  it('left of the editor load without it, every file', async function () {
    this.timeout(10_000);
    const failed: string[] = [];
    for (const file of files.filter(isPure)) {
      await import(pathToFileURL(path.join(SRC, file)).href).catch((error: unknown) =>
        failed.push(`${file}: ${String(error)}`),
      );
    }
    assert.deepEqual(failed, []);
  });

  it('keep servers apart: no folder of a server knows another', () => {
    const servers = ['repertoire', 'gafaelfawr', 'nublado', 'jupyterhub', 'jupyter'];
    const serverOf = (file: string): string | undefined => {
      const [room, folder = ''] = file.split('/');
      return room === 'protocol' && servers.includes(folder) ? folder : undefined;
    };
    const knowing = files.flatMap((file) =>
      (own.get(file) ?? [])
        .filter((target) => serverOf(file) && serverOf(target) && serverOf(file) !== serverOf(target))
        .map((target) => `${file} → ${target}`),
    );
    assert.deepEqual(knowing, []);
  });
});

describe('every file', () => {
  const nodesOf = (file: string): readonly ts.Node[] => {
    const nodes: ts.Node[] = [];
    const collect = (node: ts.Node): void => {
      nodes.push(node);
      ts.forEachChild(node, collect);
    };
    collect(ts.createSourceFile(file, texts.get(file) ?? '', ts.ScriptTarget.Latest, true));
    return nodes;
  };
  const withNode = (is: (node: ts.Node) => boolean): readonly string[] =>
    files.filter((file) => nodesOf(file).some(is));

  it('has at most 300 lines', () => {
    const long = files.filter((file) => (texts.get(file) ?? '').trimEnd().split('\n').length > 300);
    assert.deepEqual(long, []);
  });

  it('knows the type of everything: no any', () => {
    assert.deepEqual(
      withNode((node) => node.kind === ts.SyntaxKind.AnyKeyword),
      [],
    );
  });

  it('changes no type by way of unknown', () => {
    const isUnknown = (node: ts.Node): boolean =>
      ts.isAsExpression(node) && node.type.kind === ts.SyntaxKind.UnknownKeyword;
    const inner = (node: ts.Expression): ts.Expression =>
      ts.isParenthesizedExpression(node) ? inner(node.expression) : node;
    assert.deepEqual(
      withNode((node) => ts.isAsExpression(node) && isUnknown(inner(node.expression))),
      [],
    );
  });

  it('silences neither the linter nor the compiler', () => {
    const silencing = files.filter((file) =>
      /eslint-disable|@ts-(ignore|expect-error|nocheck)/.test(texts.get(file) ?? ''),
    );
    assert.deepEqual(silencing, []);
  });
});
