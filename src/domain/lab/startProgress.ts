import { withoutLinks } from '../plainWords';
import type { LabState, SpawnStep } from './labState';

/** What a person calls the parts of a start, by what the site says in the middle of them. */
const STAGES: readonly (readonly [sign: RegExp, stage: string])[] = [
  [/pod started|(?:created|started) container/i, 'starting Jupyter'],
  [/successfully pulled|already present on machine/i, 'starting the lab'],
  [/pull(?:ing|ed)?\s+image|ErrImagePull|ImagePullBackOff/i, 'fetching the image'],
  [/successfully assigned/i, 'preparing the machine'],
  [/FailedScheduling|nodes are available|scale-up|created kubernetes objects/i, 'waiting for a machine'],
  [/deleting|shutting down|deleted/i, 'removing what is left of an earlier lab'],
  [/starting lab creation/i, 'preparing the lab'],
];
/** From here on only Jupyter itself is missing. */
const POD_IS_UP_PERCENT = 75;
/** Longest event that is shown in a line with other things. */
const MOST_CHARACTERS = 90;

/** Keeps a number and its unit on one line. */
const NO_BREAK = '\u00a0';

/** Which part of its start a lab is in, in words: by the newest event that tells, else by how far it has come. */
export function stageOf(steps: readonly SpawnStep[]): string {
  const last = steps.at(-1);
  if (!last) return 'asking for it';
  if (last.percent >= POD_IS_UP_PERCENT) return 'starting Jupyter';
  for (const { message } of steps.toReversed()) {
    const stage = STAGES.find(([sign]) => sign.test(message));
    if (stage) return stage[1];
  }
  return last.percent < 30 ? 'preparing the lab' : 'waiting for a machine';
}

/** How far a start is: stage, percentage, time so far, and the last event. */
export function progressWords(lab: Extract<LabState, { kind: 'starting' }>, nowMs: number): string {
  const last = lab.steps.at(-1);
  const facts = [
    stageOf(lab.steps),
    ...(last ? [`${last.percent}${NO_BREAK}%`] : []),
    describeElapsed(nowMs - lab.sinceMs),
  ].join(', ');
  return last ? `${facts}. ${shortened(last.message)}` : facts;
}

/** Such as `1 min 20 s`. */
function describeElapsed(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
  const minutes = Math.floor(seconds / 60);
  const parts = minutes === 0 ? [seconds, 's'] : [minutes, 'min', seconds % 60, 's'];
  return parts.join(NO_BREAK);
}

/** On one line, without the digests of images, which nobody reads. */
function shortened(message: string): string {
  const plain = withoutLinks(message)
    .replace(/@sha256:[0-9a-f]+/gi, '')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > MOST_CHARACTERS ? `${plain.slice(0, MOST_CHARACTERS)}…` : plain;
}
