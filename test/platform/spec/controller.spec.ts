import assert from 'node:assert/strict';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Front } from '../front';
import { type Answer, ask, FakeLabs, open, startTestFront, toJson, TOKENS } from './support';

const SPAWNER = '/nublado/spawner/v1';
const ENV = { JUPYTERHUB_SERVICE_PREFIX: '/nb/user/vrubin/' };
const LAB_SITE = 'us-central1-docker.pkg.dev/rubin-shared/sciplat/sciplat-lab';

describe('the controller', () => {
  let front: Front;
  let labs: FakeLabs;
  beforeEach(async () => {
    labs = new FakeLabs();
    front = await startTestFront({ labStarter: labs.start });
  });
  afterEach(() => front.stop());

  const get = (route: string, token: string = TOKENS.vrubin) => ask(front, { path: SPAWNER + route, token });
  const create = (options: unknown, token: string = TOKENS.vrubin, username = 'vrubin') =>
    ask(front, {
      path: `${SPAWNER}/labs/${username}/create`,
      method: 'POST',
      token,
      json: { options, env: ENV },
    });
  const remove = (username = 'vrubin') =>
    ask(front, { path: `${SPAWNER}/labs/${username}`, method: 'DELETE', token: front.hubToken });
  const RECOMMENDED = { image_class: 'recommended', size: 'small' };
  const problem = (answer: Answer) => {
    const [first] = (JSON.parse(answer.body) as { detail: { type: string; msg: string }[] }).detail;
    return [answer.status, first?.type, first?.msg];
  };
  const eventsOf = (body: string) =>
    body
      .split('\r\n\r\n')
      .filter((block) => block !== '')
      .map((block) => {
        const [, type = '', data = ''] = /^event: (\w+)\r\ndata: (.*)$/.exec(block) ?? [];
        const { message, progress } = JSON.parse(data) as { message: string; progress?: number };
        return [type, message, ...(progress === undefined ? [] : [progress])];
      });

  it('lets each route be called only by whom it is for', async () => {
    const statuses = [];
    for (const token of [TOKENS.queriesOnly, TOKENS.vrubin, front.hubToken, TOKENS.acannon]) {
      const row = [];
      for (const route of ['/user-status', '/labs', '/labs/vrubin', '/images', '/prepulls'])
        row.push((await get(route, token)).status);
      statuses.push(row);
    }
    assert.deepEqual(statuses, [
      [403, 403, 403, 403, 403],
      [404, 403, 403, 403, 403],
      [403, 200, 404, 403, 403],
      [404, 403, 403, 200, 404],
    ]);
    assert.equal((await ask(front, { path: `${SPAWNER}/user-status` })).status, 401);
    assert.equal((await ask(front, { path: '/nublado/openapi.json' })).status, 200);
  });

  it('creates a lab, tells how it comes up, and stops it', async () => {
    assert.deepEqual(problem(await get('/user-status')), [404, 'unknown_user', 'Unknown user vrubin']);
    const created = await create({
      image_list: [`${LAB_SITE}:w_2026_30`],
      size: ['Small'],
      enable_debug: ['true'],
    });
    const location = `${front.baseUrl.origin}${SPAWNER}/labs/vrubin`;
    assert.deepEqual([created.status, created.body, created.headers.location], [201, '', location]);

    const reference = `${LAB_SITE}:w_2026_30@sha256:a12630b7e0d8f1c2b3a495867f6e5d4c3b2a190807162534435261708f9eadbc`;
    const events = await get('/labs/vrubin/events');
    assert.match(events.headers['content-type'] ?? '', /^text\/event-stream/);
    const told = [
      ['info', 'Starting lab creation for vrubin', 1],
      ['info', 'Created Kubernetes objects for user lab', 30],
      ['info', 'Successfully assigned nublado-vrubin/vrubin-nb to local-node-1', 35],
      ['info', `Container image "${reference}" already present on machine`, 48],
      ['info', 'Created container: notebook', 57],
      ['info', 'Started container notebook', 63],
      ['complete', 'Lab Kubernetes pod started for vrubin'],
    ];
    assert.deepEqual(eventsOf(events.body), told);
    assert.deepEqual(eventsOf((await get('/labs/vrubin/events')).body), told, 'told again from the start');

    const state = toJson(await get('/user-status')) as Record<string, unknown>;
    assert.deepEqual(
      [state['status'], state['internal_url'], state['options'], state['resources'], state['quota']],
      [
        'running',
        'http://127.0.0.1:8888/vrubin',
        { size: 'small', enable_debug: true, reset_user_env: false, image: reference },
        { limits: { cpu: 1, memory: 2 ** 32 }, requests: { cpu: 0.25, memory: 768 * 2 ** 20 } },
        { cpu: 4, memory: 32 * 2 ** 30 },
      ],
    );
    assert.deepEqual(toJson(await get('/labs', front.hubToken)), ['vrubin']);

    const [started] = labs.started;
    assert.equal(started?.image.reference, reference);
    assert.deepEqual(started.size, { name: 'small', cpu: 1, memoryBytes: 2 ** 32 });
    assert.deepEqual(
      [
        'JUPYTER_IMAGE_SPEC',
        'CONTAINER_SIZE',
        'MEM_LIMIT',
        'DEBUG',
        'LSST_RELEASE',
        'JUPYTERHUB_SERVICE_PREFIX',
      ].map((name) => started.env[name]),
      [reference, 'Small (1.0 CPU, 4Gi RAM)', '4294967296', 'TRUE', 'w_2026_30', '/nb/user/vrubin/'],
    );
    assert.notEqual(started.env['ACCESS_TOKEN'], TOKENS.vrubin);

    assert.equal((await remove()).status, 204);
    assert.deepEqual(labs.stopped, ['vrubin']);
    assert.deepEqual(eventsOf((await get('/labs/vrubin/events')).body), [
      ['info', 'Shutting down Kubernetes pod', 25],
      ['info', 'Deleting user namespace', 62],
      ['info', 'Lab for vrubin deleted', 100],
    ]);
    assert.equal((await get('/user-status')).status, 404);
    assert.deepEqual(problem(await remove()), [404, 'unknown_user', 'Unknown user vrubin']);
  });

  it('pulls an image that no node has', async () => {
    await create({
      image_list: 'use_image_from_dropdown',
      image_dropdown: `${LAB_SITE}:w_2026_28`,
      size: 'small',
    });
    assert.match((await get('/labs/vrubin/events')).body, /Pulling image [^]*Successfully pulled image/);
  });

  it('refuses labs in the words of the original', async () => {
    const told = [];
    for (const answer of [
      await create(RECOMMENDED, TOKENS.cpayne, 'cpayne'),
      await create(RECOMMENDED, TOKENS.vrubin, 'hleavitt'),
      await create({ image_class: 'recommended', size: 'large' }, TOKENS.hleavitt, 'hleavitt'),
      await create({ image_class: 'recommended', size: 'tiny' }),
      await create({ image_list: 'no reference', size: 'small' }),
      await create({ image_list: `${LAB_SITE}:no_such_tag`, size: 'small' }),
      await create({ image_tag: 'no_such_tag', size: 'small' }),
      await create({ size: 'small' }),
      await create({ image_tag: 'a', image_class: 'recommended', size: 'small' }),
      await create({ image_list: ['a', 'b'], size: 'small' }),
      await create({ image_class: 'recommended', size: 'giant' }),
    ])
      told.push(
        problem(answer)
          .slice(0, 2)
          .concat(String(problem(answer)[2])),
      );
    const [custom] = [told.pop()];
    assert.equal(custom?.[0], 422);
    assert.deepEqual(told, [
      [403, 'permission_denied', 'Spawning a notebook is not permitted'],
      [403, 'permission_denied', 'Permission denied'],
      [403, 'insufficient_quota', 'Insufficient quota to spawn requested lab'],
      [422, 'invalid_lab_size', 'Invalid lab size "tiny"'],
      [422, 'invalid_docker_reference', 'Invalid Docker reference "no reference"'],
      [400, 'unknown_image', `Docker reference "${LAB_SITE}:no_such_tag" not found`],
      [400, 'unknown_image', 'Docker tag "no_such_tag" not found'],
      [422, 'custom', 'Value error, No image to spawn specified'],
      [422, 'custom', 'Value error, Image specified multiple ways (image_class, image_tag)'],
      [422, 'custom', 'Value error, Too many values for image_list'],
    ]);
    assert.deepEqual(labs.started, []);
  });

  it('has one lab for each user and does one thing to it at a time', async () => {
    front.faults.set('spawnPace', 'held');
    assert.equal((await create(RECOMMENDED)).status, 201);
    const busy = 'Operation in progress for vrubin: spawn';
    assert.deepEqual(problem(await create(RECOMMENDED)), [409, 'operation_in_progress', busy]);
    front.faults.clear();
    await get('/labs/vrubin/events');
    const exists = 'Lab already exists for vrubin';
    assert.deepEqual(problem(await create(RECOMMENDED)), [409, 'lab_exists', exists]);
  });

  it('ends a spawn that is stopped half-way', async () => {
    front.faults.set('spawnPace', 'held');
    await create(RECOMMENDED);
    front.faults.actions.releaseSpawn(2);
    const events = await open(front, { path: `${SPAWNER}/labs/vrubin/events`, token: TOKENS.vrubin });
    let read = '';
    events.on('data', (chunk: Buffer) => (read += chunk.toString()));
    await once(events, 'data');
    assert.equal((await remove()).status, 204);
    await finished(events);
    assert.deepEqual(eventsOf(read), [
      ['info', 'Starting lab creation for vrubin', 1],
      ['info', 'Created Kubernetes objects for user lab', 30],
      ['failed', 'Operation cancelled'],
    ]);
    assert.deepEqual(labs.started, []);
  });

  it('fails, times out, and clears the wreck away before the next try', async () => {
    front.faults.set('spawnFails', 'Pod vrubin-nb is stuck');
    await create(RECOMMENDED);
    const failed = eventsOf((await get('/labs/vrubin/events')).body);
    assert.deepEqual(failed.slice(-2), [
      ['error', 'Pod vrubin-nb is stuck'],
      ['failed', 'Lab spawn failed'],
    ]);
    assert.match((await get('/user-status')).body, /"status":"failed"/);

    front.faults.clear();
    front.faults.set('spawnTimesOut', true);
    await create(RECOMMENDED);
    const again = eventsOf((await get('/labs/vrubin/events')).body);
    assert.deepEqual(again.slice(1, 5), [
      ['info', 'Deleting existing failed lab for vrubin', 2],
      ['info', 'Shutting down Kubernetes pod', 5],
      ['info', 'Deleting user namespace', 12],
      ['info', 'Lab for vrubin deleted', 20],
    ]);
    assert.deepEqual(again.at(-2), ['error', 'Lab spawn timed out after 600.0']);
  });

  it('notices a lab that died, unless it is as slow as the original', async () => {
    await create(RECOMMENDED);
    await get('/labs/vrubin/events');
    await front.faults.actions.killLab('vrubin');
    assert.match((await get('/user-status')).body, /"status":"terminated","internal_url":null/);
    front.faults.set('labDeathUnnoticed', true);
    assert.match((await get('/user-status')).body, /"status":"running","internal_url":"http/);
    front.faults.clear();
    assert.equal((await create(RECOMMENDED)).status, 201);
  });

  it('gives the hub an address where nothing answers', async () => {
    front.faults.set('labUnreachable', true);
    await create(RECOMMENDED);
    await get('/labs/vrubin/events');
    assert.match((await get('/user-status')).body, /"internal_url":"http:\/\/127.0.0.1:1"/);
  });

  it('has an orphan for the hub to find and delete', async () => {
    front.faults.actions.plantOrphan('vrubin');
    assert.equal(problem(await create(RECOMMENDED))[0], 409);
    assert.equal((await remove()).status, 204);
    assert.equal((await create(RECOMMENDED)).status, 201);
  });

  it('refuses with whatever error a test wants', async () => {
    front.faults.set('spawnRefused', { status: 403, type: 'permission_denied', msg: 'Not today' });
    assert.deepEqual(problem(await create(RECOMMENDED)), [403, 'permission_denied', 'Not today']);
  });

  it('holds a stop until it is released', async () => {
    await create(RECOMMENDED);
    await get('/labs/vrubin/events');
    front.faults.set('stopPace', 'held');
    const stopping = remove();
    const joined = remove();
    while (!(await get('/user-status')).body.includes('"status":"terminating"'));
    assert.equal(problem(await create(RECOMMENDED))[1], 'operation_in_progress');
    front.faults.actions.releaseStop();
    assert.deepEqual([(await stopping).status, (await joined).status], [204, 204]);
  });

  it('cuts or silences the event stream', async () => {
    await create(RECOMMENDED);
    const question = { path: `${SPAWNER}/labs/vrubin/events`, token: TOKENS.vrubin };
    await ask(front, question);
    front.faults.set('eventsStream', { kind: 'cut', afterEvents: 1 });
    const cut = await open(front, question);
    cut.resume();
    await assert.rejects(finished(cut));
    front.faults.set('eventsStream', { kind: 'endless' });
    const leave = new AbortController();
    const endless = await open(front, question, leave.signal);
    assert.match(String(await once(endless, 'data')), /Starting lab creation/);
    leave.abort();
  });
});
