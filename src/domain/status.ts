import { describeDuration, describeLife } from './accounts/tokenLife';
import { cullTimes, type CullLimits } from './lab/cullClock';
import { tagOf } from './lab/labMenu';
import type { LabState } from './lab/labState';
import { timeOfDay } from './lab/labWords';
import { memoryPercent, memoryWords, processorWords } from './lab/vitalsWords';
import { traitsOf } from './personality/traits';
import { sentenceOf } from './problems/sentences';
import type { AccountFacts } from './rows/accountRows';
import { labWord } from './rows/labRow';
import type { LabVitals } from '../protocol/jupyter/labClient';

/** What the status bar says. */
export interface Status {
  /** With the editor's icon syntax. */
  readonly text: string;
  /** The same in full words and Markdown, with all that belongs to it. */
  readonly markdown: string;
  /** For who listens: one line without icons and marks. */
  readonly spoken: string;
  /** How much the lab's memory needs attention. */
  readonly severity: 'calm' | 'warning' | 'error';
  /** The account or server that it is about before all others; undefined when it stands for all. */
  readonly accountId?: string | undefined;
}

/** What is known of one account's lab. */
export interface AccountLab extends Pick<
  AccountFacts,
  'account' | 'lab' | 'vitals' | 'vitalsAtMs' | 'keptBusyUntilMs'
> {
  readonly limits: CullLimits;
}

type Running = Extract<LabState, { kind: 'running' }>;
type Fact = readonly [label: string, value: string];

/** Of several labs the first of these stands for all. */
const TELLING: readonly LabState['kind'][] = ['failed', 'starting', 'stopping', 'running', 'none'];
const SEVERITIES: readonly Status['severity'][] = ['error', 'warning', 'calm'];
/** What was measured longer ago says nothing of now. */
const FRESH_MS = 5 * 60_000;
const WARNING_PERCENT = 80;
const ERROR_PERCENT = 92;

/**
 * One line for all labs: that of the notebook in front, or else the one that says most stands for the others. Undefined
 * when there is nothing to say.
 *
 * @param hasNotebook - whether one is open; only then it is news that no lab runs.
 * @param front - the id of the account or server that the notebook in front works with, as far as that is known.
 */
export function statusOf(
  labs: readonly AccountLab[],
  nowMs: number,
  hasNotebook: boolean,
  front?: string,
): Status | undefined {
  const first = labs.find(({ account, lab }) => account.id === front && lab.kind !== 'unknown');
  if (first) return { ...toStatus(first, nowMs), accountId: front };
  for (const kind of TELLING) {
    if (kind === 'none' && !hasNotebook) continue;
    const all = labs.filter(({ lab }) => lab.kind === kind).map((lab) => toStatus(lab, nowMs));
    for (const severity of SEVERITIES) {
      const found = all.find((status) => status.severity === severity);
      if (found) return found;
    }
  }
  return undefined;
}

function toStatus(known: AccountLab, nowMs: number): Status {
  const { account, lab } = known;
  const { labNoun } = traitsOf(account.site);
  const where = whereOf(account);
  const what = whatOf(account);
  const token: Fact = ['Token', account.isRefused ? 'not accepted any more' : describeLife(account, nowMs)];
  const calm = (icon: string, words: string, title: string, facts: readonly Fact[] = []): Status => ({
    text: `$(${icon}) ${[where, words].filter(Boolean).join(' ')}`,
    ...inFull(title, [...facts, token]),
    severity: 'calm',
  });
  switch (lab.kind) {
    case 'running':
      return runningStatus(known, lab, token, nowMs);
    case 'starting': {
      const last = lab.steps.at(-1);
      const percent = `${last?.percent ?? 0} %`;
      const facts: readonly Fact[] = [
        ['For', describeDuration(nowMs - lab.sinceMs)],
        ...(last ? ([['Last event', last.message]] as const) : []),
      ];
      return calm('loading~spin', percent, `${what} is starting, ${percent}`, facts);
    }
    case 'stopping':
      return calm('loading~spin', 'stopping', `${what} is stopping`);
    case 'failed':
      return calm('error', `${labNoun} failed`, sentenceOf(lab.problem, account.site));
    case 'none':
      if (lab.isWithdrawn) return calm('vm-outline', labWord(lab), `${what} is not shared with you any more`);
      return calm('vm-outline', account.server ? labWord(lab) : `no ${labNoun}`, `${what} is not running`);
    case 'unknown':
      return calm('question', '', `${what}: not known`);
  }
}

function runningStatus(known: AccountLab, lab: Running, token: Fact, nowMs: number): Status {
  const { account, keptBusyUntilMs } = known;
  const { details } = lab;
  const vitals = freshVitals(known, nowMs);
  const percent = vitals && memoryPercent(vitals);
  const severity =
    percent === undefined || percent < WARNING_PERCENT
      ? 'calm'
      : percent < ERROR_PERCENT
        ? 'warning'
        : 'error';
  const image = details?.imageReference === undefined ? undefined : tagOf(details.imageReference);
  const gauge =
    percent === undefined ? undefined : `${severity === 'calm' ? '' : '$(warning) '}${percent} % memory`;
  const words = [image, details?.size, gauge].filter((word) => word !== undefined).join(', ');
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Image', image],
    ['Size', details?.size],
    ['Memory', vitals && memoryWords(vitals)],
    ['Processors', vitals && processorWords(vitals)],
    ['Started', ago(lab.address.startedAt, nowMs)],
    ...endFacts(lab, known.limits, nowMs),
    ['Kept busy', keptBusyUntilMs === undefined ? undefined : `until ${timeOfDay(keptBusyUntilMs)}`],
    token,
  ];
  return {
    text: `$(vm-running) ${[whereOf(account), words].filter(Boolean).join(' ')}`,
    ...inFull(
      `${whatOf(account)} is running`,
      facts.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const])),
    ),
    severity,
  };
}

function whatOf({ site, server }: AccountLab['account']): string {
  return `${server?.owner === undefined ? 'Your' : 'The'} ${traitsOf(site).labNoun} on ${site.name}`;
}

/** The host, and which of several labs there; the editor would make icons of some names. */
function whereOf({ site, server }: AccountLab['account']): string {
  return server ? `${server.label.replaceAll('$(', '$ (')} on ${site.host}` : site.host;
}

function freshVitals({ vitals, vitalsAtMs }: AccountLab, nowMs: number): LabVitals | undefined {
  const isFresh = vitalsAtMs !== undefined && nowMs - vitalsAtMs <= FRESH_MS;
  return isFresh && vitals.kind === 'known' ? vitals.value : undefined;
}

function endFacts(
  lab: Running,
  limits: CullLimits,
  nowMs: number,
): readonly (readonly [string, string | undefined])[] {
  const { lastActivityAt } = lab;
  const { ageMs, idleMs } = cullTimes({ startedAt: lab.address.startedAt, lastActivityAt }, limits);
  const left = (atMs: number | undefined): string | undefined =>
    atMs === undefined
      ? undefined
      : atMs <= nowMs
        ? 'any moment now'
        : `in ${describeDuration(atMs - nowMs)}`;
  return [
    ['Removed for its age', left(ageMs)],
    ['Removed if idle', left(idleMs)],
  ];
}

function ago(startedAt: string, nowMs: number): string | undefined {
  const ms = Date.parse(startedAt);
  return Number.isNaN(ms) ? undefined : `${describeDuration(nowMs - ms)} ago`;
}

function inFull(title: string, facts: readonly Fact[]): Pick<Status, 'markdown' | 'spoken'> {
  const rows = facts.map(([label, value]) => `| ${label} | ${escaped(value)} |`);
  return {
    markdown: [`**${escaped(title)}**`, '', '| | |', '|:--|:--|', ...rows].join('\n'),
    spoken: [title.replace(/\.$/, ''), ...facts.map(([label, value]) => `${label}: ${value}`)].join('. '),
  };
}

/** Words of a server are shown as they are, never as Markdown. */
function escaped(words: string): string {
  return words.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~&]/g, '\\$&');
}
