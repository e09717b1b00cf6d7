import assert from 'node:assert/strict';
import { isOfLab, isSilenced, restored, silenced } from '../../../../src/domain/notebooks/unresolvedImports';

describe('imports that Pylance cannot follow', () => {
  const finding = (name: string, more: object = {}) => ({
    source: 'Pylance',
    code: 'reportMissingImports',
    message: `Import "${name}" could not be resolved`,
    ...more,
  });

  it('are those of the lab when they begin with lsst, whatever form the rule has', () => {
    const rule = { value: 'reportMissingImports', target: 'https://example.org' };
    assert.deepEqual(
      [
        finding('lsst'),
        finding('lsst.daf.butler', { code: rule }),
        finding('lsstx'),
        finding('numpy'),
        finding('lsst', { code: 'reportMissingModuleSource' }),
        finding('lsst', { source: 'Ruff' }),
        finding('lsst', { code: undefined }),
      ].map(isOfLab),
      [true, true, false, false, false, false, false],
    );
  });

  it('are silenced beside what else is set, and shown again as they were', () => {
    const own = { reportOptionalMemberAccess: 'none' };
    const strict = { ...own, reportMissingImports: 'error' };
    assert.deepEqual(
      [
        silenced(own),
        isSilenced(silenced(own)),
        isSilenced(strict),
        restored(silenced({}), {}),
        restored(silenced(own), own),
        restored(silenced(strict), strict),
        restored({ ...silenced({}), since: 'error' }, {}),
      ],
      [{ ...own, reportMissingImports: 'none' }, true, false, undefined, own, strict, { since: 'error' }],
    );
  });
});
