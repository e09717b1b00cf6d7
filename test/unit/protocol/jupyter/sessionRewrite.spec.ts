import assert from 'node:assert/strict';
import { toConsoleSession, withSessionNames } from '../../../../src/protocol/jupyter/sessionRewrite';

describe('a session for a lab with server documents', () => {
  const kernel = { name: 'lsst' };

  it('is a console without a name, with all else as it was asked for', () => {
    const asked = {
      type: 'notebook',
      name: 'a-jvsc-1.ipynb',
      path: 'work/a-jvsc-1.ipynb',
      kernel,
      more: [1],
    };
    assert.deepEqual(toConsoleSession(JSON.stringify(asked)), {
      body: JSON.stringify({ path: 'work/a-jvsc-1.ipynb', kernel, more: [1], type: 'console' }),
      name: 'a-jvsc-1.ipynb',
      type: 'notebook',
    });
  });

  it('is remembered by the last part of its path when it had no name', () => {
    const rewritten = toConsoleSession(JSON.stringify({ type: 'file', path: 'work/a.py', kernel }));
    assert.deepEqual([rewritten?.name, rewritten?.type], ['a.py', 'file']);
  });

  it('needs no change when it is a console, or nothing that a session could be', () => {
    const texts = ['{"type":"console","path":"x","kernel":{}}', '{"path":"x"}', '[]', 'null', '', 'no JSON'];
    assert.deepEqual(texts.map(toConsoleSession), Array(6).fill(undefined));
  });
});

describe('sessions as a notebook client sees them', () => {
  const parse = (text: string): unknown => JSON.parse(text);
  const model = { id: '1', path: 'work/a-jvsc-1.ipynb', kernel: { id: 'k' } };

  it('are what the client asked for', () => {
    const answer = JSON.stringify({ ...model, name: '', type: 'console' });
    const asked = { name: 'a.ipynb', type: 'notebook' };
    assert.deepEqual(parse(withSessionNames(answer, asked)), { ...model, ...asked });
  });

  it('have a name, their own or the last part of their path', () => {
    const answer = JSON.stringify([
      { ...model, name: null, type: 'console' },
      { ...model, name: 'own', type: 'console' },
      { ...model, type: 'console' },
    ]);
    assert.deepEqual(parse(withSessionNames(answer)), [
      { ...model, name: 'a-jvsc-1.ipynb', type: 'console' },
      { ...model, name: 'own', type: 'console' },
      { ...model, name: 'a-jvsc-1.ipynb', type: 'console' },
    ]);
  });

  it('are left alone when they are none', () => {
    const texts = ['', 'no JSON', '"text"', '7', '[1,{"message":"x"}]', '{"message":"x"}'];
    assert.deepEqual(
      texts.map((text) => withSessionNames(text)),
      texts,
    );
  });
});
