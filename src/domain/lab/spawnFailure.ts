import { redact } from '../../common/redact';
import type { Problem } from '../problems/problem';

/** Longest piece of a server's words that is shown. */
const MOST_CHARACTERS = 200;

/**
 * Why a lab did not start, from the hub's last words.
 *
 * The controller's own error is inside the text, as JSON after `Body:`.
 */
export function toSpawnProblem(words: string, siteName: string): Problem {
  if (/insufficient_quota|insufficient quota/i.test(words)) return { kind: 'quotaTooSmall', siteName };
  if (/permission_denied|not permitted|permission denied/i.test(words))
    return { kind: 'spawnForbidden', siteName };
  if (/unknown_image|invalid_docker_reference|no .*image found/i.test(words))
    return { kind: 'imageUnknown', siteName };
  if (/didn't respond in|failed to respond in/i.test(words)) return { kind: 'labSilent', siteName };
  if (/timed out|timeout/i.test(words)) return { kind: 'spawnTimedOut', siteName };
  if (/cancelled|canceled/i.test(words)) return { kind: 'spawnCancelled', siteName };
  return { kind: 'spawnFailed', siteName, words: toPlainWords(words) };
}

/** The human part of what a server said, in one line, without secrets. */
function toPlainWords(words: string): string {
  const inner = /"msg"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(words)?.[1];
  const plain = redact(inner === undefined ? words.replace(/^spawn failed:?\s*/i, '') : unquoted(inner))
    .replace(/\s+/g, ' ')
    .replace(/[.\s]+$/, '')
    .trim();
  return plain.length > MOST_CHARACTERS ? `${plain.slice(0, MOST_CHARACTERS)}…` : plain;
}

function unquoted(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : json;
  } catch {
    return json; // cut or garbled: shown as it came
  }
}
