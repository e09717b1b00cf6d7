import { deepEqual, equal, ok } from 'node:assert/strict';
import { Person } from '../platform/clients/person';
import { startPlatform, type Platform } from '../platform/platform';
import { sciencePackages } from '../setup/pythonEnv';
import { ClientKernel, type CellEnd } from './clientKernel';
import { readCells } from './outputs';

const START_WITHIN_MS = 600_000;
const RUN_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 60_000;

const WIDGET = 'application/vnd.jupyter.widget-view+json text/plain';
const BOKEH_LOAD = 'application/javascript application/vnd.bokehjs_load.v0+json';
const BOKEH_PLOT = 'application/javascript application/vnd.bokehjs_exec.v0+json';
const HOLOVIEWS_LOAD = 'application/javascript application/vnd.holoviews_load.v0+json';
const HOLOVIEWS_TOOLS = 'application/vnd.holoviews_exec.v0+json text/html';
const HOLOVIEWS_PLOT = 'application/vnd.holoviews_exec.v0+json text/html text/plain';

/** The media types under each cell; who draws which is in README.md. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  text: ['stdout', 'stderr'],
  rich: [
    'text/markdown text/plain',
    'text/latex text/plain',
    'text/html text/plain',
    'image/svg+xml text/plain',
    'application/json text/plain',
  ],
  matplotlib: ['image/png text/plain'],
  pandas: ['text/html text/plain'],
  astropy: ['text/html text/plain'],
  quantity: ['text/latex text/plain'],
  progress: ['stderr'],
  'progress-widget': [WIDGET],
  update: ['stdout', 'cleared', 'text/plain', 'updated'],
  widgets: [WIDGET],
  interact: ['cleared', 'image/png text/plain', WIDGET],
  'widget-output': [WIDGET, 'stdout'],
  plotly: ['application/vnd.plotly.v1+json'],
  'bokeh-load': ['text/html', BOKEH_LOAD],
  bokeh: ['text/html', BOKEH_PLOT],
  'holoviews-load': ['text/html', HOLOVIEWS_LOAD, HOLOVIEWS_TOOLS, 'text/html'],
  holoviews: ['', HOLOVIEWS_PLOT],
  'holoviews-map': ['', HOLOVIEWS_PLOT],
  hvplot: ['text/html', HOLOVIEWS_LOAD, HOLOVIEWS_TOOLS, '', HOLOVIEWS_PLOT],
  ipympl: [`application/vnd.jupyter.widget-view+json image/png text/html text/plain`],
  'inline-again': [],
  input: ['stdout'],
  password: ['stdout'],
  error: ['ValueError'],
  endless: ['stdout', 'KeyboardInterrupt'],
};

describe('The cells of a notebook on a lab', () => {
  let platform: Platform;
  let person: Person;
  let kernel: ClientKernel;
  const ends = new Map<string, CellEnd>();

  before(async function () {
    this.timeout(START_WITHIN_MS);
    platform = await startPlatform({ packages: await sciencePackages() });
    person = new Person(platform);
    const account = await person.useToken(platform.tokenOf('vrubin'));
    await person.startLab(account);
    kernel = await ClientKernel.start(await person.enterLab(account), 'outputs.ipynb');
    for (const [id, code] of await readCells()) {
      const end = id === 'endless' ? kernel.runUntilInterrupted(code) : kernel.run(code, ['Vera']);
      ends.set(id, await end);
    }
  });

  after(async function () {
    this.timeout(STOP_WITHIN_MS);
    await kernel.close();
    await person.leave();
    await platform.stop();
  });

  it('get their outputs in the forms that renderers know', () => {
    deepEqual(Object.fromEntries([...ends].map(([id, { outputs }]) => [id, outputs])), EXPECTED);
  });

  it('end well, but for the one that fails and the one that is interrupted', () => {
    const others = [...ends].filter(([, { status }]) => status !== 'ok').map(([id]) => id);
    deepEqual(others, ['error', 'endless']);
  });

  it('ask whoever runs them, and say when the answer is not to be seen', () => {
    const asked = [...ends.values()].flatMap(({ asked }) => asked);
    deepEqual(
      [asked, ends.get('input')?.text, ends.get('password')?.text],
      [['Who is there? ', 'Secret? (hidden)'], 'hello Vera\n', '4\n'],
    );
  });

  it('have widgets that a person moves, and that answer', async function () {
    this.timeout(RUN_WITHIN_MS);
    const slider = kernel.widget('IntSliderModel');
    const label = kernel.widget('LabelModel');
    await kernel.run((await readCells()).get('widgets') ?? '');
    const [movedSlider, movedLabel] = [kernel.widget('IntSliderModel'), kernel.widget('LabelModel')];
    ok(slider !== movedSlider && label !== movedLabel);
    const before = movedLabel.get('value');
    await movedSlider.change({ value: 9 });
    await movedLabel.becomes('value', 'twice is 18');
    const { text } = await kernel.run('print(slider.value)');
    await kernel.run('slider.value = 3');
    await movedSlider.becomes('value', 3);
    deepEqual([before, text, movedSlider.heard.includes('update value')], ['twice is 14', '9\n', true]);
  });

  it('hand bytes over to widgets, and get bytes from them', async () => {
    const picture = kernel.widget('ImageModel');
    const png = picture.get('value');
    const sent = Uint8Array.from({ length: 100_000 }, (_, place) => (place * 7) % 256);
    await picture.changeBytes('value', sent);
    const { text } = await kernel.run(
      'value = bytes(picture.value)\nprint(len(value), value == bytes(i * 7 % 256 for i in range(100_000)))',
    );
    deepEqual(
      [Buffer.isBuffer(png) && png.subarray(0, 4).toString('latin1'), text],
      ['\x89PNG', '100000 True\n'],
    );
  });

  it('are completed and explained by the kernel, also while widgets live in it', async () => {
    const complete = async (code: string): Promise<readonly string[]> => {
      const { content } = await kernel.connection.requestComplete({ code, cursor_pos: code.length });
      return content.status === 'ok' ? content.matches : [];
    };
    const [attributes, columns] = [await complete('catalogue.descr'), await complete('catalogue["')];
    const { content } = await kernel.connection.requestInspect({
      code: 'np.linspace',
      cursor_pos: 11,
      detail_level: 0,
    });
    const words = content.status === 'ok' ? JSON.stringify(content.data) : content.status;
    deepEqual(
      [
        attributes.some((match) => match.endsWith('describe')),
        columns.some((match) => match.includes('ra')),
        words.includes('evenly spaced numbers'),
      ],
      [true, true, true],
    );
  });

  it('are not counted when others look into the kernel, at its variables for instance', async () => {
    const count = async (): Promise<string> => (await kernel.run('print(len(In))')).text;
    const before = Number(await count());
    const variables = await kernel.runAside(
      'import json as _json\nprint(_json.dumps([n for n in ("catalogue", "table") if n in globals()]))',
    );
    deepEqual([variables, Number(await count()) - before], ['["catalogue", "table"]\n', 1]);
  });

  it('keep their variables when one is interrupted, and lose them when the kernel is restarted', async function () {
    this.timeout(RUN_WITHIN_MS);
    const known = 'print("catalogue" in globals())';
    const before = (await kernel.run(known)).text;
    const { id } = kernel.connection;
    await kernel.connection.restart();
    const after = (await kernel.run(known)).text;
    equal(kernel.connection.id, id);
    deepEqual([before, after], ['True\n', 'False\n']);
  });
});
