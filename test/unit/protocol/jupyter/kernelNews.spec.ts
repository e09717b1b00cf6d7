import assert from 'node:assert/strict';
import { silentLog } from '../../../../src/common/log';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { KernelNewsDesk, type KernelNews } from '../../../../src/protocol/jupyter/kernelNews';

describe('what becomes of kernels', () => {
  const url = (path: string): URL => new URL(`wss://lab.example/nb/user/v/api/${path}?session_id=me`);

  it('is told with the lab that they were reached in, of kernels alone', () => {
    const lab = { url: new URL('https://lab.example/nb/user/v/'), startedAt: 'today' };
    const desk = new KernelNewsDesk({ enteredLab: lab }, silentLog);
    const told: KernelNews[] = [];
    desk.onDidHappen((news) => told.push(news));
    const failure = new RequestFailure('server', 'GET /', { status: 500 });
    desk.opened(url('kernels/one/channels'), undefined);
    desk.opened(url('kernels/one/channels'), failure);
    desk.opened(url('events/subscribe'), failure);
    desk.forget('one');
    assert.deepEqual(told, [
      { kind: 'reached', kernelId: 'one', labStartedAt: 'today' },
      { kind: 'missed', kernelId: 'one', failure },
      { kind: 'ended', kernelId: 'one' },
    ]);
  });
});
