import { redact } from '../../common/redact';
import { withoutLinks } from '../plainWords';
import type { Problem } from '../problems/problem';
import type { SpawnStep } from './labState';

/** Words that only repeat that it failed. */
const EMPTY_WORDS = /^(?:\[failed\]\s*|(?:lab )?spawn failed[.:]?\s*)+/i;
/** JupyterHub from 5 on has no words for the end of its own time, but still the colon before them. */
const TIME_IS_OVER = /timed out|timeout|^spawn failed:\s*$/i;
/** Longest piece of a server's words that is shown. */
const MOST_CHARACTERS = 200;

/** Sites and clusters say these in the middle of a start; what came later may have cured it. */
interface Cause {
  readonly kind: 'noSpace' | 'imagePullFailed' | 'volumeFailed' | 'labCrashed' | 'noRoom';
  readonly sign: RegExp;
  /** What the cluster says once it has got over it. */
  readonly cure?: RegExp;
}

const ASSIGNED = /successfully assigned/i;
const PULLED = /successfully pulled|already present on machine/i;
const PULLING = /pulling image/i;
const STARTED = /started container/i;
/** The one that explains the others first. */
const CAUSES: readonly Cause[] = [
  {
    kind: 'noSpace',
    sign: /no space left|disk ?pressure|low on resource: ephemeral-storage/i,
    cure: STARTED,
  },
  {
    kind: 'imagePullFailed',
    sign: /ErrImagePull|ImagePullBackOff|failed to pull image|back-off pulling image/i,
    cure: PULLED,
  },
  {
    kind: 'volumeFailed',
    sign: /FailedMount|FailedAttachVolume|unable to attach or mount volumes|MountVolume\.\S+ failed/i,
    cure: STARTED,
  },
  { kind: 'labCrashed', sign: /CrashLoopBackOff|back-off restarting failed container|OOMKilled/i },
  {
    kind: 'noRoom',
    sign: /FailedScheduling|insufficient (?:cpu|memory)|nodes are available/i,
    cure: ASSIGNED,
  },
];

/**
 * Why a lab did not start, from the hub's last words and from what happened on the way.
 *
 * The controller's own error is inside the words, as JSON after `Body:`.
 */
export function toSpawnProblem(words: string, siteName: string, steps: readonly SpawnStep[] = []): Problem {
  if (/insufficient_quota|insufficient quota/i.test(words)) return { kind: 'quotaTooSmall', siteName };
  if (/invalid_lab_size/i.test(words)) return { kind: 'sizeUnknown', siteName };
  if (/permission_denied|not permitted|permission denied/i.test(words))
    return { kind: 'spawnForbidden', siteName };
  if (/unknown_image|invalid_docker_reference|no .*image found|manifest.* unknown/i.test(words))
    return { kind: 'imageUnknown', siteName };
  if (/operation_in_progress|lab_exists|conflicting operation|lab already exists/i.test(words))
    return { kind: 'spawnConflict', siteName };
  if (/cancelled|canceled/i.test(words)) return { kind: 'spawnCancelled', siteName };
  const said = [...steps.map(({ message }) => message), words];
  const cause = CAUSES.find(({ sign, cure }) => isLastWord(said, sign, cure));
  if (cause) return { kind: cause.kind, siteName };
  if (/didn't respond in|failed to respond in/i.test(words)) return { kind: 'labSilent', siteName };
  if ([...errorsOf(steps), words].some((each) => TIME_IS_OVER.test(each)))
    return { kind: isLastWord(said, PULLING, PULLED) ? 'pullTooSlow' : 'spawnTimedOut', siteName };
  return { kind: 'spawnFailed', siteName, words: tellingWords(words, steps) };
}

/** As {@link toSpawnProblem}, for a hub of any making, which knows best what its words mean. */
export function toServerProblem(words: string, siteName: string, steps: readonly SpawnStep[] = []): Problem {
  const isOver = [...errorsOf(steps), words].some((each) => TIME_IS_OVER.test(each));
  const said =
    tellingWords(words, steps) || (isOver ? 'it was not up within the time that the hub gives it' : '');
  return { kind: 'serverFailed', siteName, words: said };
}

/** Whether a start failed without a word on why. */
export function isWithoutReason(words: string, steps: readonly SpawnStep[]): boolean {
  return tellingWords(words, steps) === '';
}

/** What a hub has against something, as a person reads it. */
export function wordsOfHub(words: string): string {
  return toPlainWords(words);
}

/** Whether something was said, and nothing after it that takes it back. */
function isLastWord(said: readonly string[], sign: RegExp, cure: RegExp | undefined): boolean {
  const at = said.findLastIndex((message) => sign.test(message));
  return at >= 0 && !(cure && said.slice(at + 1).some((message) => cure.test(message)));
}

/** What went wrong on the way; the hub may keep it for itself and say no more at the end than that it failed. */
function errorsOf(steps: readonly SpawnStep[]): readonly string[] {
  return steps.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

/** The last words, or what was said before them where they say no more than that it failed. */
function tellingWords(words: string, steps: readonly SpawnStep[]): string {
  return [...errorsOf(steps), words].map(toPlainWords).findLast((each) => each !== '') ?? '';
}

/** The human part of what a server said, in one line, without secrets. */
function toPlainWords(words: string): string {
  const inner = /"msg"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(words)?.[1];
  const plain = redact(inner === undefined ? words.replace(EMPTY_WORDS, '') : unquoted(inner))
    .replace(/\s+/g, ' ')
    .replace(/[.\s]+$/, '')
    .trim();
  return withoutLinks(plain.length > MOST_CHARACTERS ? `${plain.slice(0, MOST_CHARACTERS)}…` : plain);
}

function unquoted(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : json;
  } catch {
    return json; // cut or garbled: shown as it came
  }
}
