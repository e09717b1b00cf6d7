import type WebSocket from 'ws';
import type { RawData } from 'ws';
import type { UnsentFrame } from './unsentFrames';

/** What clients hand over to be sent. */
export type SocketData = Parameters<WebSocket['send']>[0];
export interface SendOptions {
  readonly binary?: boolean | undefined;
}
export type SendDone = (error?: Error) => void;

/** What a client sends, in one of the forms that `ws` sends as they are. */
export function toSendable(data: unknown): UnsentFrame['data'] {
  if (typeof data === 'string' || data instanceof ArrayBuffer || data instanceof Uint8Array) return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : String(data);
}

/** What `ws` takes and gives, as bytes. */
export function toBytes(data: string | RawData | Uint8Array): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof Uint8Array) return data;
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data);
}

export function sizeOf(data: UnsentFrame['data']): number {
  return typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
}
