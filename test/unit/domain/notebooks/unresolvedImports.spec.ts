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

  it('are those of the lab in whatever language Pylance speaks', () => {
    const messages = [
      (name: string) => `Import "${name}" konnte nicht aufgelöst werden.`,
      (name: string) => `Impossible de résoudre l’importation « ${name} »`,
      (name: string) => `Nie można rozpoznać importu „${name}”.`,
      (name: string) => `Import ${name} se nepovedlo vyřešit`,
      (name: string) => `无法解析导入“${name}”`,
    ];
    const verdicts = ['lsst.daf.butler', 'lsst', 'my.lsst', 'lsst_tools', 'astropy'].map((name) =>
      messages.map((toMessage) => isOfLab(finding(name, { message: toMessage(name) }))),
    );
    const every = (verdict: boolean) => messages.map(() => verdict);
    assert.deepEqual(verdicts, [every(true), every(true), every(false), every(false), every(false)]);
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
