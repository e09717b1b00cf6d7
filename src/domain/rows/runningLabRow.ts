import { redact } from '../../common/redact';
import type { AbnormalStart, LabVitals } from '../../protocol/jupyter/labClient';
import { cullTimes, type CullLimits } from '../lab/cullClock';
import { shortImageName } from '../lab/imageNames';
import { lastFormChoice, optionFacts } from '../lab/hubOptions';
import { isSameImage, tagOf, type LabMenu } from '../lab/labMenu';
import type { LabState } from '../lab/labState';
import { timeOfDay } from '../lab/labWords';
import { diskWords, memoryWords, processorWords, toGib } from '../lab/vitalsWords';
import { describeDuration } from '../accounts/tokenLife';
import { hasPart, isPlain, traitsOf, type OfKind } from '../personality/traits';
import { isShared } from '../servers/namedServer';
import { shortDigest } from './imagesRow';
import { kernelsRow } from './kernelRows';
import type { LabFacts } from './labFacts';
import { fact, troubleRow, unknownRow, type Known, type Row } from './row';
import { tip, type TipFact } from './tip';
import { moment, momentAndAge, untilWords } from './words';

type Running = Extract<LabState, { kind: 'running' }>;
type Image = LabMenu['images'][number];

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
const NOT_MEASURED = 'The image of this lab has nothing that measures it.';
const NOT_KNOWN = 'not known';

/** A lab that runs, with all that is known of it below. */
export function runningLabRow(
  base: Pick<Row, 'id' | 'label' | 'isOpen' | 'detail' | 'context'>,
  lab: Running,
  facts: LabFacts,
  nowMs: number,
): Row {
  const { id } = base;
  const { details } = lab;
  const abnormal = facts.abnormalStart.kind === 'known' ? facts.abnormalStart.value : undefined;
  const image = imageOf(details?.imageReference, facts.menu);
  const { site } = facts.account;
  const hasDetails = hasPart(site, 'labDetails');
  // Of a server of somebody else the hub tells that it runs, and no more.
  const isOthers = isShared(facts.account);
  const ends = endsOf(lab, facts.limits, traitsOf(site).labNoun).filter(
    ({ atMs }) => atMs !== undefined || hasPart(site, 'lifetimes'),
  );
  const vitals = facts.vitals.kind === 'known' ? facts.vitals.value : undefined;
  return {
    ...base,
    detail: details?.imageReference ? `running ${tagOf(details.imageReference)}` : base.detail,
    tip: tip(`${base.label}: running`, ...(abnormal ? [abnormalWords(abnormal)] : []), [
      ['Image', hasDetails ? image.words : undefined],
      ['Reference', details?.imageReference?.split('@')[0]],
      ['Recommended', image.news && shortImageName(image.news.name)],
      ['Size', sizeWords(lab)],
      ['Chosen', hasDetails || isOthers ? undefined : chosenWords(facts)],
      ['Memory in use', vitals && memoryWords(vitals)],
      ['Processors in use', vitals && processorWords(vitals)],
      ['Started', momentAndAge(lab.address.startedAt, nowMs)],
      ['Last activity', momentAndAge(lab.lastActivityAt, nowMs)],
      ...ends.map(({ label, atMs }): TipFact => [label, moment(atMs)]),
      ['Kept busy', busyWords(facts.keptBusyUntilMs)],
    ]),
    icon: abnormal ? 'warning' : 'vm-running',
    children: [
      ...(abnormal ? [troubleRow(`${id}/abnormal`, abnormalWords(abnormal), redact(abnormal.message))] : []),
      ...(facts.abnormalStart.kind === 'problem'
        ? [unknownRow(`${id}/abnormal`, 'Whether it came up well', facts.abnormalStart.problem)]
        : []),
      ...(hasDetails ? detailRows(id, lab, image) : isOthers ? [] : chosenRows(id, facts)),
      ...vitalsRows(id, facts.vitals, site),
      ...(isOthers
        ? []
        : fact(
            id,
            'Started',
            startedText(lab.address.startedAt, nowMs),
            moment(lab.address.startedAt) ?? '',
          )),
      ...activityRows(id, lab, site, nowMs),
      ...ends.flatMap(({ label, atMs, hint }) =>
        fact(id, label, atMs === undefined ? NOT_KNOWN : untilWords(atMs, nowMs), moment(atMs) ?? '', hint),
      ),
      ...busyRows(id, facts.keptBusyUntilMs),
      ...(details?.isDebug === true ? fact(id, 'Debug logs', 'on') : []),
      ...(details?.hasResetEnvironment === true ? fact(id, 'Environment', 'was reset at the start') : []),
      kernelsRow(id, facts, nowMs),
    ],
  };
}

function abnormalWords({ code }: AbnormalStart): string {
  const meaning = ABNORMAL_MEANINGS[code] ?? 'The lab came up, but not as it should.';
  return `${meaning} It runs in a scratch folder: what is saved now is lost when the lab ends.`;
}

/** What a lab's image is called, and the image that the site recommends by now when it is another one. */
function imageOf(
  reference: string | undefined,
  menu: Known<LabMenu>,
): { readonly words: string; readonly news: Image | undefined } {
  if (reference === undefined) return { words: NOT_KNOWN, news: undefined };
  const images = menu.kind === 'known' ? menu.value.images : [];
  const recommended = images[0];
  const isRecommended = recommended !== undefined && isSameImage(reference, recommended.reference);
  const named =
    images.find((image) => image.reference === reference) ?? (isRecommended ? recommended : undefined);
  const name = named ? shortImageName(named.name) : tagOf(reference);
  return {
    words: isRecommended && name !== 'recommended' ? `${name}, recommended` : name,
    news: isRecommended ? undefined : recommended,
  };
}

function imageRows(
  parent: string,
  reference: string | undefined,
  { words, news }: ReturnType<typeof imageOf>,
): readonly Row[] {
  const [name, digest] = reference?.split('@') ?? [];
  const rows = fact(parent, 'Image', words, [
    ['Tag', reference && tagOf(reference)],
    ['Reference', name],
    ['Digest', digest && shortDigest(digest)],
  ]);
  if (!news) return rows;
  const newName = shortImageName(news.name);
  const advice = 'The site recommends another image by now. Restart the lab with it when it suits you.';
  return [
    ...rows,
    ...fact(parent, 'Recommended', newName, advice, [['Reference', news.reference.split('@')[0]]]),
  ];
}

function detailRows(id: string, lab: Running, image: ReturnType<typeof imageOf>): readonly Row[] {
  const { details } = lab;
  return [
    ...imageRows(id, details?.imageReference, image),
    ...fact(id, 'Size', details?.size ?? NOT_KNOWN),
    ...fact(
      id,
      'Limits',
      limitWords(lab) ?? NOT_KNOWN,
      'What the lab may use. A lab that uses more memory is ended by the site.',
    ),
  ];
}

/** What stands for image and size where a hub has choices of its own. */
function chosenRows(id: string, facts: LabFacts): readonly Row[] {
  const hint = 'What the server was started with, as the hub tells it.';
  return fact(id, 'Chosen', chosenWords(facts), hint, optionFacts(facts.startedWith ?? {}));
}

function chosenWords({ startedWith, usual }: LabFacts): string | undefined {
  return startedWith && lastFormChoice(startedWith, usual)?.name;
}

function limitWords({ details }: Running): string | undefined {
  const limits = details?.limits;
  return limits && `${limits.cpuCores} CPU, ${toGib(limits.memoryBytes)} GiB memory`;
}

function sizeWords(lab: Running): string | undefined {
  const limits = limitWords(lab);
  return [lab.details?.size, limits && `(${limits})`].filter(Boolean).join(' ');
}

/**
 * A lab that cannot be asked is told apart from an image that cannot tell.
 */
function vitalsRows(parent: string, vitals: Known<LabVitals | undefined>, site: OfKind): readonly Row[] {
  const isExpected = hasPart(site, 'labDetails'); // labs elsewhere mostly cannot
  const { labNoun, labLabel } = traitsOf(site);
  const memory = 'Memory in use';
  if (vitals.kind === 'problem') return [unknownRow(`${parent}/${memory}`, memory, vitals.problem, site)];
  if (vitals.kind === 'loading') return [];
  if (!vitals.value) return isExpected ? fact(parent, memory, NOT_KNOWN, NOT_MEASURED) : [];
  const { memoryLimitBytes } = vitals.value;
  return [
    ...fact(
      parent,
      memory,
      memoryWords(vitals.value),
      memoryLimitBytes === undefined ? 'Nothing limits it.' : `At 100 % the site ends the ${labNoun}.`,
    ),
    ...fact(
      parent,
      'Processors in use',
      processorWords(vitals.value) ?? (isExpected ? 'not measured' : undefined),
      ...(vitals.value.cpuCores === undefined ? [`${labLabel}s of this site count their memory only.`] : []),
    ),
    ...fact(parent, 'Disk', diskWords(vitals.value), `The disk that the files of the ${labNoun} lie on.`),
  ];
}

function activityRows(
  parent: string,
  { lastActivityAt }: Running,
  site: OfKind,
  nowMs: number,
): readonly Row[] {
  const atMs = Date.parse(lastActivityAt ?? '');
  if (Number.isNaN(atMs)) return [];
  const age = nowMs - atMs < 60_000 ? 'just now' : `${describeDuration(nowMs - atMs)} ago`;
  const often = isPlain(site) ? 'servers tell it now and then' : 'labs tell it once an hour';
  const hint = `As far as the hub has heard; ${often}.`;
  return fact(parent, 'Last activity', age, moment(atMs) ?? '', hint);
}

/** When the site removes the lab by itself, and why. */
function endsOf(
  lab: Running,
  limits: CullLimits,
  labNoun: string,
): readonly { readonly label: string; readonly atMs: number | undefined; readonly hint: string }[] {
  const { lastActivityAt } = lab;
  const { ageMs, idleMs } = cullTimes({ startedAt: lab.address.startedAt, lastActivityAt }, limits);
  const { maxAgeHours, maxIdleHours } = limits;
  return [
    {
      label: 'Removed for its age',
      atMs: ageMs,
      hint:
        maxAgeHours === undefined
          ? LIMITS_HINT
          : `The site removes ${labNoun}s that are older than ${describeHours(maxAgeHours)}, busy or not.`,
    },
    {
      label: 'Removed if idle',
      atMs: idleMs,
      hint:
        maxIdleHours === undefined
          ? LIMITS_HINT
          : `The site removes ${labNoun}s in which nothing has happened for ${describeHours(maxIdleHours)}.`,
    },
  ];
}

function busyWords(untilMs: number | undefined): string | undefined {
  return untilMs === undefined ? undefined : `until ${timeOfDay(untilMs)}`;
}

function busyRows(parent: string, untilMs: number | undefined): readonly Row[] {
  const words =
    'So that the site does not remove it for idleness; it ends by itself then, and when this window is closed.';
  return fact(parent, 'Kept busy', busyWords(untilMs), words).map((row) => ({ ...row, context: 'rsp.busy' }));
}

function describeHours(hours: number): string {
  return describeDuration(hours * 3_600_000);
}

function startedText(startedAt: string, nowMs: number): string {
  const ms = Date.parse(startedAt);
  return Number.isNaN(ms) ? NOT_KNOWN : `${describeDuration(nowMs - ms)} ago`;
}
