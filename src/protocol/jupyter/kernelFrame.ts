/** A message on its way between client and kernel, its parts still text. */
export interface KernelFrame {
  /** `shell`, `iopub`, `control` or `stdin`. */
  readonly channel: string;
  readonly header: string;
  readonly parentHeader: string;
  readonly metadata: string;
  readonly content: string;
}

const OFFSET_BYTES = 8;
/** Channel, header, parent header, metadata, content. */
const TEXT_PARTS = 5;

/**
 * Reads a frame of the sub-protocol v1; binary buffers after the five texts are left alone.
 *
 * @returns undefined when the bytes are no such frame.
 * @see https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html
 */
export function readFrame(bytes: Uint8Array): KernelFrame | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = readOffsets(view);
  if (!offsets) return undefined;
  const decoder = new TextDecoder();
  const part = (index: number): string => decoder.decode(bytes.subarray(offsets[index], offsets[index + 1]));
  return { channel: part(0), header: part(1), parentHeader: part(2), metadata: part(3), content: part(4) };
}

/** Writes a frame of the sub-protocol v1, without buffers. */
export function writeFrame(frame: KernelFrame): Uint8Array {
  const texts = [frame.channel, frame.header, frame.parentHeader, frame.metadata, frame.content];
  const parts = texts.map((text) => new TextEncoder().encode(text));
  const count = TEXT_PARTS + 1;
  const starts = [OFFSET_BYTES * (count + 1)];
  for (const part of parts) starts.push((starts.at(-1) ?? 0) + part.byteLength);
  const bytes = new Uint8Array(starts.at(-1) ?? 0);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(count), true);
  starts.forEach((start, index) => view.setBigUint64(OFFSET_BYTES * (index + 1), BigInt(start), true));
  parts.forEach((part, index) => bytes.set(part, starts[index]));
  return bytes;
}

/** Where the first parts begin, and where the last of them ends. */
function readOffsets(view: DataView): readonly number[] | undefined {
  if (view.byteLength < OFFSET_BYTES) return undefined;
  const count = Number(view.getBigUint64(0, true));
  if (count < TEXT_PARTS + 1 || OFFSET_BYTES * (count + 1) > view.byteLength) return undefined;
  const offsets = Array.from({ length: TEXT_PARTS + 1 }, (_, index) =>
    Number(view.getBigUint64(OFFSET_BYTES * (index + 1), true)),
  );
  const isRising = offsets.every(
    (offset, index) => offset >= (offsets[index - 1] ?? 0) && offset <= view.byteLength,
  );
  return isRising ? offsets : undefined;
}
