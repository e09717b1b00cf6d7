import { redact } from '../../common/redact';
import type { AbnormalStart, LabVitals } from '../../protocol/jupyter/labClient';
import type { RunningSession } from '../../protocol/jupyter/sessions';
import { cullTimes, type CullLimits } from '../lab/cullClock';
import { choiceName, isSameImage, tagOf, type LabChoice, type LabMenu } from '../lab/labMenu';
import type { LabState } from '../lab/labState';
import { timeOfDay } from '../lab/labWords';
import { stageOf } from '../lab/startProgress';
import { diskWords, memoryWords, processorWords, toGib } from '../lab/vitalsWords';
import { describeDuration } from '../accounts/tokenLife';
import { kernelsRow } from './kernelRows';
import { fact, problemRow, type Known, type Row } from './row';

/** What is known of a lab and of what is around it. */
export interface LabFacts {
  readonly lab: LabState;
  readonly sessions: Known<readonly RunningSession[]>;
  readonly vitals: Known<LabVitals | undefined>;
  readonly abnormalStart: Known<AbnormalStart | undefined>;
  readonly menu: Known<LabMenu>;
  readonly limits: CullLimits;
  /** What was started last time from here. */
  readonly usual?: LabChoice | undefined;
  /** Until when it is kept busy from this window. */
  readonly keptBusyUntilMs?: number | undefined;
}

/** What the lab's own codes for a start that went wrong mean. */
const ABNORMAL_MEANINGS: Readonly<Record<string, string>> = {
  EDQUOT: 'Your disk quota is used up.',
  ENOSPC: 'The disk of your home folder is full.',
  EROFS: 'Your home folder can only be read.',
  EACCES: 'The lab may not write to your home folder.',
  EBADENV: 'Something in your own environment keeps the lab from starting as it should.',
};
const LIMITS_HINT =
  'What this site allows is not known here. Set it with rsp.labLimits when the people who run the site have told you.';

/** What is known of a lab, as one row with its facts below. */
export function labRow(accountId: string, facts: LabFacts, nowMs: number): Row {
  const { lab } = facts;
  const id = `${accountId}/lab`;
  const base = { id, label: 'Lab', isOpen: true };
  switch (lab.kind) {
    case 'unknown':
      return {
        ...base,
        detail: lab.problem ? 'not known' : 'checking…',
        icon: 'question',
        context: 'rsp.lab.unknown',
        children: lab.problem ? [problemRow(id, lab.problem)] : [],
      };
    case 'none':
      return {
        ...base,
        detail: 'not running',
        tooltip: usualWords(facts.usual),
        icon: 'circle-outline',
        context: facts.usual ? 'rsp.lab.none.usual' : 'rsp.lab.none',
      };
    case 'stopping':
      return { ...base, detail: 'stopping…', icon: 'loading~spin', context: 'rsp.lab.stopping' };
    case 'starting': {
      const last = lab.steps.at(-1);
      const since = describeDuration(nowMs - lab.sinceMs);
      return {
        ...base,
        detail: last ? `starting, ${last.percent} %` : 'starting…',
        icon: 'loading~spin',
        context: 'rsp.lab.starting',
        children: [
          ...fact(id, 'Stage', stageOf(lab.steps)),
          ...fact(id, 'For', since),
          ...fact(id, 'Last event', last?.message),
        ],
      };
    }
    case 'failed':
      return {
        ...base,
        detail: 'failed to start',
        tooltip: usualWords(facts.usual),
        icon: 'error',
        context: facts.usual ? 'rsp.lab.failed.usual' : 'rsp.lab.failed',
        children: [problemRow(id, lab.problem)],
      };
    case 'running':
      return runningRow(base, lab, facts, nowMs);
  }
}

function usualWords(usual: LabChoice | undefined): string | undefined {
  return usual && `Your usual lab: ${choiceName(usual)}`;
}

function runningRow(
  base: Pick<Row, 'id' | 'label' | 'isOpen'>,
  lab: Extract<LabState, { kind: 'running' }>,
  facts: LabFacts,
  nowMs: number,
): Row {
  const { id } = base;
  const { details } = lab;
  const limits = details?.limits;
  const abnormal = facts.abnormalStart.kind === 'known' ? facts.abnormalStart.value : undefined;
  return {
    ...base,
    detail: details?.imageReference ? `running ${tagOf(details.imageReference)}` : 'running',
    tooltip: details?.imageReference,
    icon: abnormal ? 'warning' : 'vm-running',
    context: 'rsp.lab.running',
    children: [
      ...(abnormal ? [abnormalRow(id, abnormal)] : []),
      imageRow(id, details?.imageReference, facts.menu),
      ...fact(id, 'Size', details?.size ?? 'not known'),
      ...fact(
        id,
        'Limits',
        limits ? `${limits.cpuCores} CPU, ${toGib(limits.memoryBytes)} GiB memory` : 'not known',
      ),
      ...vitalsRows(id, facts.vitals),
      ...fact(id, 'Started', startedText(lab.address.startedAt, nowMs)),
      ...endRows(id, lab, facts.limits, nowMs),
      ...busyRows(id, facts.keptBusyUntilMs),
      ...(details?.isDebug === true ? fact(id, 'Debug logs', 'on') : []),
      ...(details?.hasResetEnvironment === true ? fact(id, 'Environment', 'was reset at the start') : []),
      kernelsRow(id, facts.sessions, nowMs),
    ],
  };
}

function abnormalRow(parent: string, { code, message }: AbnormalStart): Row {
  const meaning = ABNORMAL_MEANINGS[code] ?? 'The lab came up, but not as it should.';
  const loss = 'It runs in a scratch folder: what is saved now is lost when the lab ends.';
  return {
    id: `${parent}/abnormal`,
    label: `${meaning} ${loss}`,
    tooltip: [meaning, loss, redact(message)].filter(Boolean).join(' '),
    icon: 'warning',
    context: 'rsp.problem',
  };
}

/** The image, and whether it is the one that the site recommends by now. */
function imageRow(parent: string, reference: string | undefined, menu: Known<LabMenu>): Row {
  const base = { id: `${parent}/Image`, label: 'Image', context: 'rsp.fact' };
  if (reference === undefined) return { ...base, detail: 'not known', tooltip: 'not known' };
  const recommended = menu.kind === 'known' ? menu.value.images[0] : undefined;
  const isNews = recommended !== undefined && !isSameImage(reference, recommended.reference);
  return {
    ...base,
    detail: isNews ? `${tagOf(reference)}, recommended is ${recommended.name}` : tagOf(reference),
    tooltip: reference,
  };
}

function vitalsRows(parent: string, vitals: Known<LabVitals | undefined>): readonly Row[] {
  if (vitals.kind !== 'known' || !vitals.value) return [];
  return [
    ...fact(parent, 'Memory in use', memoryWords(vitals.value)),
    ...fact(parent, 'Processors in use', processorWords(vitals.value)),
    ...fact(parent, 'Disk', diskWords(vitals.value), 'The disk that the files of the lab lie on.'),
  ];
}

/** When the site removes the lab by itself. */
function endRows(
  parent: string,
  lab: Extract<LabState, { kind: 'running' }>,
  limits: CullLimits,
  nowMs: number,
): readonly Row[] {
  const lastActivityAt = lab.lastActivityAt;
  const { ageMs, idleMs } = cullTimes({ startedAt: lab.address.startedAt, lastActivityAt }, limits);
  const left = (atMs: number): string =>
    atMs <= nowMs ? 'any moment now' : `in ${describeDuration(atMs - nowMs)}`;
  return [
    ...fact(
      parent,
      'Removed for its age',
      ageMs === undefined ? 'not known' : left(ageMs),
      limits.maxAgeHours === undefined
        ? LIMITS_HINT
        : `The site removes labs that are older than ${describeHours(limits.maxAgeHours)}, busy or not.`,
    ),
    ...fact(
      parent,
      'Removed if idle',
      idleMs === undefined ? 'not known' : left(idleMs),
      limits.maxIdleHours === undefined
        ? LIMITS_HINT
        : `The site removes labs in which nothing has happened for ${describeHours(limits.maxIdleHours)}.`,
    ),
  ];
}

function busyRows(parent: string, untilMs: number | undefined): readonly Row[] {
  const tooltip =
    'So that the site does not remove it for idleness; it ends by itself then, and when this window is closed.';
  const until = untilMs === undefined ? undefined : `until ${timeOfDay(untilMs)}`;
  return fact(parent, 'Kept busy', until, tooltip).map((row) => ({ ...row, context: 'rsp.busy' }));
}

function describeHours(hours: number): string {
  return describeDuration(hours * 3_600_000);
}

function startedText(startedAt: string, nowMs: number): string {
  const ms = Date.parse(startedAt);
  return Number.isNaN(ms) ? 'not known' : `${describeDuration(nowMs - ms)} ago`;
}
