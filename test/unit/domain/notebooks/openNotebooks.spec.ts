import assert from 'node:assert/strict';
import { whoAsks, type OpenNotebook } from '../../../../src/domain/notebooks/openNotebooks';

describe('the notebook that asks for a kernel', () => {
  const notebook = (uri: string, more: Partial<OpenNotebook> = {}): OpenNotebook => ({
    uri,
    base: 'a',
    isLasting: true,
    ...more,
  });
  const asks = async (open: readonly OpenNotebook[], ...served: readonly string[]): Promise<unknown> =>
    (await whoAsks('a', open, ({ uri }) => Promise.resolve(served.includes(uri))))?.uri;

  it('is the one of that name, also when it has a kernel that is lost without a word', async () => {
    const open = [notebook('one'), notebook('other', { base: 'b' })];
    assert.deepEqual([await asks(open), await asks(open, 'one')], ['one', 'one']);
  });

  it('is of several with the same name the one without a kernel, and nobody where that is not one', async () => {
    const open = [notebook('one'), notebook('two'), notebook('other', { base: 'b' })];
    assert.deepEqual(
      [await asks(open, 'one'), await asks(open, 'two'), await asks(open), await asks(open, 'one', 'two')],
      ['two', 'one', undefined, undefined],
    );
  });

  it('is nobody when it is not open here, or is not saved yet', async () => {
    const unsaved = notebook('unsaved', { isLasting: false });
    assert.deepEqual(
      [
        await asks([]),
        await asks([unsaved]),
        await asks([unsaved, notebook('one')]),
        await asks([unsaved, notebook('one')], 'one'),
      ],
      [undefined, undefined, undefined, undefined],
    );
  });
});
