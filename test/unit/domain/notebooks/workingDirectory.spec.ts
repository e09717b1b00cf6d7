import assert from 'node:assert/strict';
import {
  folderInWords,
  wantedFolders,
  type NotebookPath,
  type WorkingDirectory,
} from '../../../../src/domain/notebooks/workingDirectory';

describe('where the kernel of a local notebook starts', () => {
  const notebook: NotebookPath = {
    path: '/home/vera/notebooks/proj/deep/a.ipynb',
    workspaceFolder: '/home/vera/notebooks/proj',
    home: '/home/vera',
  };
  const paths = (directory: WorkingDirectory, more: Partial<NotebookPath> = {}): readonly string[] =>
    wantedFolders(directory, { ...notebook, ...more }).map(({ path, isMade }) =>
      isMade ? `${path}!` : path,
    );

  it('is home unless the person chose otherwise', () => {
    assert.deepEqual(paths('home'), []);
  });

  it('is a folder of the name of the workspace, which may be made, and home where there is no workspace', () => {
    assert.deepEqual(
      [paths('workspace'), paths('workspace', { workspaceFolder: undefined })],
      [['proj!'], []],
    );
  });

  it('is where the notebook has a twin below home, else in a folder of the workspace', () => {
    assert.deepEqual(
      [
        paths('twin'),
        paths('twin', { workspaceFolder: undefined }),
        paths('twin', { home: '/home/ver' }),
        paths('twin', { home: undefined, path: '/home/vera/notebooks/proj/a.ipynb' }),
        paths('twin', { path: '/home/vera/a.ipynb', workspaceFolder: undefined }),
        paths('twin', { path: '/data/a.ipynb', workspaceFolder: undefined }),
        paths('twin', { path: '/home/vera/proj/b/a.ipynb', workspaceFolder: '/home/vera/proj' }),
      ],
      [
        ['notebooks/proj/deep', 'proj/deep'],
        ['notebooks/proj/deep'],
        ['proj/deep'],
        ['proj'],
        [],
        [],
        ['proj/b'],
      ],
    );
  });

  it('is found on Windows, too, where cases do not matter', () => {
    const path = '/C:/Users/Vera/work/a.ipynb';
    assert.deepEqual(paths('twin', { path, home: '/c:/users/vera', workspaceFolder: undefined }), ['work']);
  });

  it('is told as people write it', () => {
    assert.deepEqual(['a.ipynb', 'work/deep/a.ipynb'].map(folderInWords), ['~', '~/work/deep']);
  });
});
