import assert from 'node:assert/strict';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { LabClient } from '../../../../src/protocol/jupyter/labClient';
import { never } from '../../../fakes/deferred';
import { FakeRsp } from '../../../fakes/fakeRsp';

describe('the server inside a lab', () => {
  let rsp: FakeRsp;
  let lab: LabClient;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    const { connection } = rsp.link();
    await connection.enterLab(rsp.labAddress, never);
    lab = new LabClient(connection);
  });
  afterEach(() => rsp.stop());

  const LAB = '/nb/user/vrubin/';
  const METRICS = `GET ${LAB}api/metrics/v1`;
  const ABNORMAL = `GET ${LAB}rubin/abnormal`;
  const failureOf = (work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => (error instanceof RequestFailure ? [error.kind, error.reason] : error));

  it('tells what is used of memory, processors and disk, as far as it measures them', async () => {
    const told: unknown[] = [];
    const unmeasured = {
      memoryBytes: 900,
      memoryLimitBytes: undefined,
      cpuCores: undefined,
      cpuLimitCores: undefined,
    };
    for (const json of [
      {
        rss: 900,
        pss: 800,
        limits: { memory: { rss: 1000, warn: true }, cpu: { cpu: 4 } },
        cpu_percent: 150,
        cpu_count: 16,
      },
      { rss: 900, limits: { memory: { rss: 0 } } },
      { rss: 900, pss: null, disk_used: 5, disk_total: 0 },
      { rss: 900, disk_used: 0, disk_total: 10, limits: { disk: { disk: 10 } } },
    ]) {
      rsp.answer(METRICS, { json });
      told.push(await lab.fetchVitals(rsp.labUrl, never));
    }
    assert.deepEqual(told, [
      { memoryBytes: 800, memoryLimitBytes: 1000, cpuCores: 1.5, cpuLimitCores: 4 },
      unmeasured,
      unmeasured,
      { ...unmeasured, disk: { usedBytes: 0, totalBytes: 10 } },
    ]);
  });

  it('tells what was wrong with its start, or that nothing was', async () => {
    const told: unknown[] = [];
    for (const json of [
      {},
      {
        ABNORMAL_STARTUP: 'TRUE',
        ABNORMAL_STARTUP_ERRNO: '28',
        ABNORMAL_STARTUP_STRERROR: 'No space left on device',
        ABNORMAL_STARTUP_ERRORCODE: 'ENOSPC',
        ABNORMAL_STARTUP_MESSAGE: 'Home is full.',
      },
      { ABNORMAL_STARTUP: 'TRUE', ABNORMAL_STARTUP_STRERROR: 'Read-only' },
    ]) {
      rsp.answer(ABNORMAL, { json });
      told.push(await lab.fetchAbnormalStart(rsp.labUrl, never));
    }
    assert.deepEqual(told, [
      undefined,
      { code: 'ENOSPC', message: 'Home is full.' },
      { code: '', message: 'Read-only' },
    ]);
  });

  it('tells neither where the image is too old for it', async () => {
    for (const route of [METRICS, ABNORMAL]) rsp.answer(route, { status: 404, json: {} });
    assert.deepEqual(
      [await lab.fetchVitals(rsp.labUrl, never), await lab.fetchAbnormalStart(rsp.labUrl, never)],
      [undefined, undefined],
    );
  });

  it('is a typed failure when it answers with something else', async () => {
    rsp.answer(METRICS, { json: { rss: -1 } });
    rsp.answer(ABNORMAL, { json: [] });
    const before = await Promise.all([
      failureOf(lab.fetchVitals(rsp.labUrl, never)),
      failureOf(lab.fetchAbnormalStart(rsp.labUrl, never)),
    ]);
    rsp.answer(METRICS, { status: 500, body: 'oops' });
    assert.deepEqual(
      [...before, await failureOf(lab.fetchVitals(rsp.labUrl, never))],
      [
        ['protocol', 'unexpectedShape'],
        ['protocol', 'unexpectedShape'],
        ['server', undefined],
      ],
    );
  });

  it('interrupts and restarts kernels, with the XSRF value that posts need', async () => {
    rsp.answer(`POST ${LAB}api/kernels/k%201/interrupt`, { status: 204 });
    rsp.answer(`POST ${LAB}api/kernels/k%201/restart`, { json: { id: 'k 1' } });
    await lab.interruptKernel(rsp.labUrl, 'k 1', never);
    await lab.restartKernel(rsp.labUrl, 'k 1', never);
    const posts = rsp.server.seen.filter(({ method }) => method === 'POST');
    assert.deepEqual(
      posts.map(({ path, headers }) => [path, typeof headers['x-xsrftoken']]),
      [
        [`${LAB}api/kernels/k%201/interrupt`, 'string'],
        [`${LAB}api/kernels/k%201/restart`, 'string'],
      ],
    );
  });

  it('ends a session, by its kernel where the session itself cannot be ended', async () => {
    const session = { id: 's', kernelId: 'k' };
    const outcomes: unknown[] = [];
    const kernel = `DELETE ${LAB}api/kernels/k`;
    for (const [status, kernelStatus] of [
      [204, 500],
      [404, 500],
      [500, 204],
      [500, 404],
      [500, 403],
    ] as const) {
      rsp.answer(`DELETE ${LAB}api/sessions/s`, { status });
      rsp.answer(kernel, { status: kernelStatus, body: 'x' });
      outcomes.push(await failureOf(lab.endSession(rsp.labUrl, session, never)));
    }
    assert.deepEqual(outcomes, [undefined, undefined, undefined, undefined, ['forbidden', undefined]]);
    assert.deepEqual(await failureOf(lab.endSession(rsp.labUrl, { id: 's', kernelId: undefined }, never)), [
      'server',
      undefined,
    ]);
  });

  it('forgets what was kept for kernels that it ends or starts anew, and only for those', async () => {
    const forgotten: string[] = [];
    const { connection } = rsp.link();
    await connection.enterLab(rsp.labAddress, never);
    const client = new LabClient(connection, [{ forget: (kernelId) => forgotten.push(kernelId) }]);
    rsp.answer(`POST ${LAB}api/kernels/k1/interrupt`, { status: 204 });
    rsp.answer(`POST ${LAB}api/kernels/k2/restart`, { json: {} });
    rsp.answer(`DELETE ${LAB}api/sessions/s3`, { status: 204 });
    await client.interruptKernel(rsp.labUrl, 'k1', never);
    await client.restartKernel(rsp.labUrl, 'k2', never);
    await client.endSession(rsp.labUrl, { id: 's3', kernelId: 'k3' }, never);
    assert.deepEqual(forgotten, ['k2', 'k3']);
  });
});
