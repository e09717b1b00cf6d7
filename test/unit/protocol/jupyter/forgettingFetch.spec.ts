import assert from 'node:assert/strict';
import { silentLog } from '../../../../src/common/log';
import { forgettingFetch } from '../../../../src/protocol/jupyter/forgettingFetch';
import { UnsentFrames } from '../../../../src/protocol/jupyter/unsentFrames';

describe('what was left to be sent to a kernel', () => {
  const url = new URL('ws://lab.example/user/v/api/kernels/one/channels?session_id=me');
  const left = async (method: string, path: string): Promise<number> => {
    const unsent = new UnsentFrames(silentLog);
    unsent.leave(url, '', [{ data: 'cell', isBinary: false }]);
    const fetch = forgettingFetch(() => Promise.resolve(new Response()), [unsent]);
    await fetch(`http://lab.example/user/v/${path}`, { method });
    return unsent.take(url, '').length;
  };

  it('is forgotten when that kernel is started anew or ended, and by nothing else', async () => {
    const asked: [string, string][] = [
      ['POST', 'api/kernels/one/restart'],
      ['DELETE', 'api/kernels/one'],
      ['POST', 'api/kernels/two/restart'],
      ['POST', 'api/kernels/one/interrupt'],
      ['GET', 'api/kernels/one'],
    ];
    assert.deepEqual(await Promise.all(asked.map(([method, path]) => left(method, path))), [0, 0, 1, 1, 1]);
  });

  it('is for the same client only, and for a lab that speaks in the same way', () => {
    const unsent = new UnsentFrames(silentLog);
    const other = new URL(url.href.replace('=me', '=you'));
    unsent.leave(url, '', [{ data: 'cell', isBinary: false }]);
    assert.deepEqual([unsent.take(other, '').length, unsent.take(url, 'v1').length], [0, 0]);
  });
});
