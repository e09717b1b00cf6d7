import { deepEqual } from 'node:assert/strict';

import { staticImports } from './build';

describe('What a chunk requires at once', () => {
  it('is itself and all static imports, found once each, without what is no chunk', () => {
    const chunks = [
      { fileName: 'entry.js', imports: ['a.js', 'node:path', 'vscode'] },
      { fileName: 'a.js', imports: ['b.js'] },
      { fileName: 'b.js', imports: ['a.js'] },
      { fileName: 'lazy.js', imports: ['b.js'] },
    ];
    deepEqual([...staticImports({ fileName: 'entry.js' }, chunks)], ['entry.js', 'a.js', 'b.js']);
  });
});
