import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { z } from 'zod';

const OpenedSchema = z.object({
  state: z.looseObject({ _model_name: z.string().optional() }),
  buffer_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
});
const SaidSchema = z.looseObject({
  method: z.string(),
  state: z.record(z.string(), z.unknown()).default({}),
});

/** One widget, as the side that draws it knows it. */
export class Widget {
  readonly #comm: Kernel.IComm;
  readonly #state: Record<string, unknown>;
  /** What the kernel says of it, in this order: `update value`, `echo_update value`. */
  readonly heard: string[] = [];
  #changed = (): void => undefined;

  constructor(comm: Kernel.IComm, { content, buffers = [] }: KernelMessage.ICommOpenMsg) {
    const { state, buffer_paths: paths } = OpenedSchema.parse(content.data);
    this.#comm = comm;
    this.#state = { ...state };
    for (const [place, path] of paths.entries()) this.#state[path.join('.')] = buffers[place];
    comm.onMsg = (message) => {
      const said = SaidSchema.parse(message.content.data);
      Object.assign(this.#state, said.state);
      this.heard.push([said.method, ...Object.keys(said.state)].join(' '));
      this.#changed();
    };
  }

  get model(): string | undefined {
    const name = this.#state['_model_name'];
    return typeof name === 'string' ? name : undefined;
  }

  /** A value that it has, bytes for what came as a buffer. */
  get(name: string): unknown {
    const value = this.#state[name];
    if (value instanceof ArrayBuffer) return Buffer.from(value);
    return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
  }

  /** Waits until the kernel says that it has this value. */
  async becomes(name: string, value: unknown): Promise<void> {
    while (this.get(name) !== value) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  /** A person changes it. */
  async change(state: Readonly<Record<string, string | number>>): Promise<void> {
    await this.#comm.send({ method: 'update', state: { ...state }, buffer_paths: [] }).done;
  }

  /** A person hands over bytes. */
  async changeBytes(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const data = { method: 'update', state: {}, buffer_paths: [[name]] };
    await this.#comm.send(data, {}, [bytes.buffer]).done;
  }
}
