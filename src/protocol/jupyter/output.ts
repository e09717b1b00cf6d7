import type { RawData } from 'ws';
import type { Framing } from './kernelMessage';

const KEY = Buffer.from('"msg_type"');
/** What kernels send by the thousand. */
const OUTPUT = ['stream', 'display_data', 'update_display_data', 'comm_msg'].map((type) =>
  Buffer.from(`"${type}"`),
);
const WORD_BYTES = 8;
const [SPACE, QUOTE, COLON] = [0x20, 0x22, 0x3a];

/**
 * Whether a message is a piece of output, by which a cell neither ends nor fails.
 *
 * Said of each message while a cell runs, and so without making anything: a text of the header alone would take longer
 * than all else that is done with a message here.
 *
 * @returns false, too, when it cannot be told at a glance.
 */
export function isOutput(data: RawData | Uint8Array, isBinary: boolean, framing: Framing): boolean {
  if (framing !== 'v1' || !isBinary || Array.isArray(data)) return false;
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const end = shortWordAt(bytes, 3);
  for (let at = shortWordAt(bytes, 2); at < end; at++) {
    if (bytes[at] !== QUOTE || !isAt(bytes, at, KEY)) continue;
    at += KEY.length;
    while (bytes[at] === SPACE || bytes[at] === COLON) at++;
    for (const type of OUTPUT) if (isAt(bytes, at, type)) return true;
    return false;
  }
  return false;
}

function isAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

/** Where the header begins and ends is told in words of eight bytes, of which two are enough for any real one. */
function shortWordAt(bytes: Uint8Array, index: number): number {
  const at = WORD_BYTES * index;
  for (let high = at + 2; high < at + WORD_BYTES; high++) if (bytes[high] !== 0) return 0;
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
}
