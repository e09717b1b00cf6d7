import { tryJson } from '../../common/json';
import { writeFrame } from './kernelFrame';

/**
 * How messages lie in what a socket carries: as the sub-protocol v1 has it, or, where the lab has chosen no protocol, in
 * the way of before: JSON as text, and with buffers behind it as binary.
 *
 * @see https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html
 */
export type Framing = 'v1' | 'legacy';

/** The sub-protocol that labs with jupyter-server-documents insist on; older labs may choose none. */
export const KERNEL_PROTOCOL = 'v1.kernel.websocket.jupyter.org';

/** @param protocol - what the lab has chosen, empty for none. */
export function framingOf(protocol: string): Framing {
  return protocol === KERNEL_PROTOCOL ? 'v1' : 'legacy';
}

/** What was read of a message; the costly parts only when they are asked for. */
export interface KernelMessage {
  /** `shell`, `iopub`, `control` or `stdin`. */
  readonly channel: string;
  /** `execute_request`, `status`, `stream` … */
  readonly type: string;
  readonly id: string | undefined;
  /** Which request it belongs to. */
  readonly parentId: string | undefined;
  header(): unknown;
  content(): unknown;
}

/** A message to be put into a frame. */
export interface Writing {
  readonly channel: string;
  readonly header: object;
  readonly parentHeader: object;
  readonly content: object;
}

/** Data as a socket carries it. */
export interface Frame {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

const WORD_BYTES = 8;
const V1_PARTS = 5;
const TYPE = /"msg_type"\s*:\s*"([^"\\]+)"/;
const ID = /"msg_id"\s*:\s*"([^"\\]+)"/;
/** Of a longer message in the legacy way, nobody needs to know more than how it begins: it is output. */
const LEGACY_PARSED_BYTES = 256 * 1024;
const LEGACY_HEAD_BYTES = 4096;

/**
 * Reads what a message is about. The cost does not grow with the length of its content.
 *
 * @returns undefined when the bytes are no message.
 */
export function readMessage(
  data: Uint8Array,
  isBinary: boolean,
  framing: Framing,
): KernelMessage | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (framing === 'v1') return isBinary ? readV1(bytes) : undefined;
  const json = isBinary ? firstLegacyPart(bytes) : bytes;
  return json && readLegacy(json);
}

export function writeMessage({ channel, header, parentHeader, content }: Writing, framing: Framing): Frame {
  if (framing === 'legacy') {
    const message = { header, parent_header: parentHeader, metadata: {}, content, buffers: [], channel };
    return { data: Buffer.from(JSON.stringify(message)), isBinary: false };
  }
  const bytes = writeFrame({
    channel,
    header: JSON.stringify(header),
    parentHeader: JSON.stringify(parentHeader),
    metadata: '{}',
    content: JSON.stringify(content),
  });
  return { data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), isBinary: true };
}

function readV1(bytes: Buffer): KernelMessage | undefined {
  const count = wordAt(bytes, 0);
  if (count === undefined || count <= V1_PARTS || WORD_BYTES * (count + 1) > bytes.length) return undefined;
  const header = v1Part(bytes, 1, 'latin1');
  const type = TYPE.exec(header)?.[1];
  return type === undefined ? undefined : new V1Message(bytes, type, header);
}

/** Most messages are looked at for their type and no more. */
class V1Message implements KernelMessage {
  readonly #bytes: Buffer;
  readonly #header: string;

  constructor(
    bytes: Buffer,
    readonly type: string,
    header: string,
  ) {
    this.#bytes = bytes;
    this.#header = header;
  }

  get id(): string | undefined {
    return ID.exec(this.#header)?.[1];
  }

  get channel(): string {
    return v1Part(this.#bytes, 0, 'latin1');
  }

  get parentId(): string | undefined {
    return ID.exec(v1Part(this.#bytes, 2, 'latin1'))?.[1];
  }

  header(): unknown {
    return tryJson(v1Part(this.#bytes, 1, 'utf8'));
  }

  content(): unknown {
    return tryJson(v1Part(this.#bytes, 4, 'utf8'));
  }
}

function v1Part(bytes: Buffer, index: number, encoding: 'latin1' | 'utf8'): string {
  return bytes.toString(encoding, wordAt(bytes, index + 1), wordAt(bytes, index + 2));
}

/** The number in the place of this index; lengths and offsets have eight bytes. */
function wordAt(bytes: Buffer, index: number): number | undefined {
  const at = WORD_BYTES * index;
  if (at + WORD_BYTES > bytes.length) return undefined;
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

/** How many parts there are, where each begins, and the parts, of which the first is the message itself. */
function firstLegacyPart(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 8) return undefined;
  const count = bytes.readUInt32BE(0);
  const start = bytes.readUInt32BE(4);
  const end = count > 1 && bytes.length >= 12 ? bytes.readUInt32BE(8) : bytes.length;
  return count > 0 && start <= end && end <= bytes.length ? bytes.subarray(start, end) : undefined;
}

function readLegacy(json: Buffer): KernelMessage | undefined {
  const large = json.length > LEGACY_PARSED_BYTES ? readLegacyHead(json) : undefined;
  if (large) return large;
  const message = toObject(tryJson(json.toString()));
  const header = toObject(message.header);
  const { msg_id: parentId } = toObject(message.parent_header);
  if (typeof header.msg_type !== 'string' || typeof message.channel !== 'string') return undefined;
  return {
    channel: message.channel,
    type: header.msg_type,
    id: typeof header.msg_id === 'string' ? header.msg_id : undefined,
    parentId: typeof parentId === 'string' ? parentId : undefined,
    header: () => header,
    content: () => message.content,
  };
}

/** Servers write the two headers first and the channel last; what is not so is the client's, and parsed. */
function readLegacyHead(json: Buffer): KernelMessage | undefined {
  const head = json.toString('latin1', 0, LEGACY_HEAD_BYTES);
  const type = TYPE.exec(head)?.[1];
  const channel = /"channel"\s*:\s*"([a-z]+)"\s*\}\s*$/.exec(json.toString('latin1', json.length - 64))?.[1];
  const parent = head.indexOf('"parent_header"');
  if (type === undefined || channel === undefined || parent < 0) return undefined;
  const parsed = (): Readonly<Record<string, unknown>> => toObject(tryJson(json.toString()));
  return {
    channel,
    type,
    id: ID.exec(head)?.[1],
    parentId: ID.exec(head.slice(parent))?.[1],
    header: () => parsed().header,
    content: () => parsed().content,
  };
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
