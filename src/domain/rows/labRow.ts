import { choiceName, type LabChoice } from '../lab/labMenu';
import type { LabState } from '../lab/labState';
import { stageOf } from '../lab/startProgress';
import { describeDuration } from '../accounts/tokenLife';
import type { Account } from '../accounts/account';
import { isPlain, traitsOf } from '../personality/traits';
import { sentenceOf } from '../problems/sentences';
import type { LabFacts } from './labFacts';
import { fact, problemRow, type Row } from './row';
import { runningLabRow } from './runningLabRow';
import { tip, type Tip } from './tip';

/** How many of the last events of a start are told without asking for all of them. */
const LAST_EVENTS = 5;

/** What is known of a lab, as one row with its facts below. */
export function labRow(accountId: string, facts: LabFacts, nowMs: number): Row {
  const { lab, usual } = facts;
  const id = `${accountId}/lab`;
  const detail = labWord(lab);
  const { site, server } = facts.account;
  const label = labLabel(facts.account, facts.isOneOfSeveral);
  const base = { id, label, isOpen: true, detail };
  const title = `${label}: ${detail}`;
  const context = contextOf(facts);
  switch (lab.kind) {
    case 'unknown':
      return {
        ...base,
        tip: tip(title, lab.problem ? sentenceOf(lab.problem, site) : 'The hub of the site is being asked.'),
        icon: 'question',
        context,
        children: lab.problem ? [problemRow(id, lab.problem, site)] : [],
      };
    case 'none':
      return {
        ...base,
        tip: tip(
          title,
          server?.owner === undefined
            ? 'It starts when you say so, never by itself.'
            : `Only ${server.owner} can ${lab.isWithdrawn ? 'share it again' : 'start it'}.`,
          usualFacts(usual, site),
        ),
        icon: 'circle-outline',
        context,
      };
    case 'stopping':
      return {
        ...base,
        tip: tip(title, 'A new one can be started when it is gone.'),
        icon: 'loading~spin',
        context,
      };
    case 'starting':
      return startingRow({ ...base, tip: tip(title), context }, lab, site, nowMs);
    case 'failed':
      return {
        ...base,
        tip: tip(title, sentenceOf(lab.problem, site), eventsOf(lab), usualFacts(usual, site)),
        icon: 'error',
        context,
        children: [problemRow(id, lab.problem, site), ...lastEvent(id, lab)],
      };
    case 'running':
      return runningLabRow({ ...base, context }, lab, facts, nowMs);
  }
}

/** What a lab is called beside others of its account, or alone. */
export function labLabel({ site, server }: Pick<Account, 'site' | 'server'>, isOneOfSeveral = false): string {
  return server?.label ?? (isOneOfSeveral ? 'Default server' : traitsOf(site).labLabel);
}

/** How it stands, and what else tells what can be done with it. */
function contextOf({ account: { site, server }, lab: { kind }, usual }: LabFacts): string {
  if (server?.owner !== undefined) return `rsp.shared.${kind}`;
  const mayBeUsual = kind === 'none' || kind === 'failed';
  return [
    `rsp.lab.${kind}`,
    ...(usual && mayBeUsual ? ['usual'] : []),
    ...(isPlain(site) ? ['plain'] : []),
    ...(server ? ['named'] : []),
  ].join('.');
}

/** How a lab stands, in a word or two. */
export function labWord(lab: LabState): string {
  switch (lab.kind) {
    case 'unknown':
      return lab.problem ? 'not known' : 'checking…';
    case 'none':
      return lab.isWithdrawn ? 'not shared any more' : 'not running';
    case 'stopping':
      return 'stopping…';
    case 'starting': {
      const last = lab.steps.at(-1);
      return last ? `starting, ${last.percent} %` : 'starting…';
    }
    case 'failed':
      return 'failed to start';
    case 'running':
      return 'running';
  }
}

function startingRow(
  base: Pick<Row, 'id' | 'label' | 'isOpen' | 'detail' | 'context'> & { readonly tip: Tip },
  lab: Extract<LabState, { kind: 'starting' }>,
  site: Account['site'],
  nowMs: number,
): Row {
  const { id } = base;
  const stage = stageOf(lab.steps);
  const since = describeDuration(nowMs - lab.sinceMs);
  return {
    ...base,
    spoken: `${base.label}: ${base.detail}, ${stage}`,
    tip: tip(
      base.tip.title,
      [
        ['Stage', stage],
        ['For', since],
      ],
      eventsOf(lab),
      ...(isPlain(site) ? [] : ['Ten minutes are normal where a node has to fetch the image first.']),
    ),
    icon: 'loading~spin',
    children: [...fact(id, 'Stage', stage), ...fact(id, 'For', since), ...lastEvent(id, lab)],
  };
}

type WithSteps = Extract<LabState, { kind: 'starting' | 'failed' }>;

function lastEvent(id: string, { steps }: WithSteps): readonly Row[] {
  return fact(id, 'Last event', steps.at(-1)?.message);
}

function eventsOf({ steps }: WithSteps): Tip['blocks'][number] {
  return steps.slice(-LAST_EVENTS).map(({ percent, message }) => [`${percent} %`, message] as const);
}

function usualFacts(usual: LabChoice | undefined, site: Account['site']): Tip['blocks'][number] {
  return [[isPlain(site) ? 'Last time' : 'Your usual lab', usual && choiceName(usual)]];
}
