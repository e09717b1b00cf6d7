import { redact } from '../../common/redact';
import type { SpawnStep } from '../lab/labState';
import { hasPart, traitsOf, type OfKind } from '../personality/traits';
import type { Finding, Layer } from './diagnosis';

const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  proxy: 'Proxy',
  name: 'Network and name',
  certificate: 'Certificate',
  discovery: 'Service discovery',
  token: 'Token',
  scopes: 'Scopes',
  life: 'Life of the token',
  hub: 'Hub',
  xsrf: 'Cookies and XSRF',
  images: 'Images and sizes',
  lab: 'Lab',
  socket: 'Kernel socket',
};
/** In one piece, as the columns are narrow. */
const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  good: '✓\u00a0good',
  warning: '!\u00a0look',
  broken: '✗\u00a0broken',
  skipped: '–\u00a0not\u00a0tried',
};

export const LAYER_COUNT = Object.keys(LAYER_NAMES).length;

export function layerName(layer: Layer, site: OfKind): string {
  return layer === 'lab' ? traitsOf(site).labLabel : LAYER_NAMES[layer];
}

/** Everything that helps somebody who was not there, and nothing that must stay secret. */
export interface ReportFacts {
  readonly site: OfKind & { readonly host: string };
  readonly findings: readonly Finding[];
  /** Versions of the product and of what is around it, by name. */
  readonly surroundings: Readonly<Record<string, string>>;
  readonly image: string | undefined;
  /** What happened while the lab came up, newest last. */
  readonly steps: readonly SpawnStep[];
  readonly at: Date;
}

const MOST_STEPS = 20;

/** The report as Markdown. */
export function toReport({ site, findings, surroundings, image, steps, at }: ReportFacts): string {
  const lines = [
    `# Connection to ${site.host}`,
    '',
    summaryOf(findings, site),
    '',
    '| Layer | Result | Time | What was found |',
    '| --- | --- | ---: | --- |',
    ...findings.map(
      ({ layer, verdict, sentence, tookMs }) =>
        `| ${layerName(layer, site).replaceAll(' ', '\u00a0')} | ${MARKS[verdict]} | ${verdict === 'skipped' ? '' : `${tookMs}\u00a0ms`} | ${inCell(sentence)} |`,
    ),
    '',
    '## Surroundings',
    '',
    ...Object.entries(surroundings).map(([name, value]) => `- ${name}: ${value}`),
    ...(hasPart(site, 'images') ? [`- Image of the lab: ${image ?? 'none is running'}`] : []),
    `- Made: ${at.toISOString()}`,
    ...(steps.length === 0
      ? []
      : [
          '',
          `## Last events of the ${traitsOf(site).labNoun}'s start`,
          '',
          ...steps
            .slice(-MOST_STEPS)
            .map(({ percent, severity, message }) => `- ${percent} %, ${severity}: ${message}`),
        ]),
    '',
  ];
  return redact(lines.join('\n'));
}

/** One sentence for the whole of it. */
export function summaryOf(findings: readonly Finding[], site: OfKind): string {
  const broken = findings.find(({ verdict }) => verdict === 'broken');
  if (broken) return `${layerName(broken.layer, site)}: ${broken.sentence}`;
  const looks = findings.filter(({ verdict }) => verdict === 'warning').length;
  return looks === 0
    ? 'Everything that could be tried works.'
    : `Everything that could be tried works; ${looks === 1 ? 'one thing deserves' : `${looks} things deserve`} a look.`;
}

function inCell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');
}
