/** A Rubin Science Platform that many people use; only a suggestion, everything else comes from the site itself. */
export interface KnownSite {
  readonly name: string;
  readonly host: string;
  /** After how many days the site removes a lab, however busy; a token should last at least as long. */
  readonly labMaxAgeDays: number;
  /** After how many hours without activity the site removes a lab. */
  readonly labMaxIdleHours: number;
}

export const KNOWN_SITES: readonly KnownSite[] = [
  { name: 'Rubin Science Platform', host: 'data.lsst.cloud', labMaxAgeDays: 5, labMaxIdleHours: 25 },
  { name: 'RSP integration', host: 'data-int.lsst.cloud', labMaxAgeDays: 5, labMaxIdleHours: 25 },
  { name: 'RSP development', host: 'data-dev.lsst.cloud', labMaxAgeDays: 1, labMaxIdleHours: 12 },
  { name: 'RSP demonstration', host: 'demo.lsst.cloud', labMaxAgeDays: 1, labMaxIdleHours: 12 },
  { name: 'US Data Facility', host: 'usdf-rsp.slac.stanford.edu', labMaxAgeDays: 8, labMaxIdleHours: 120 },
  {
    name: 'US Data Facility, integration',
    host: 'usdf-rsp-int.slac.stanford.edu',
    labMaxAgeDays: 8,
    labMaxIdleHours: 120,
  },
  {
    name: 'US Data Facility, development',
    host: 'usdf-rsp-dev.slac.stanford.edu',
    labMaxAgeDays: 8,
    labMaxIdleHours: 120,
  },
  { name: 'Summit', host: 'summit-lsp.lsst.codes', labMaxAgeDays: 10, labMaxIdleHours: 120 },
  { name: 'Base', host: 'base-lsp.lsst.codes', labMaxAgeDays: 10, labMaxIdleHours: 120 },
  { name: 'Tucson test stand', host: 'tucson-teststand.lsst.codes', labMaxAgeDays: 10, labMaxIdleHours: 120 },
  { name: 'French Data Facility', host: 'data-dev.lsst.eu', labMaxAgeDays: 7, labMaxIdleHours: 120 },
  { name: 'UK Data Access Centre', host: 'rsp.lsst.ac.uk', labMaxAgeDays: 10, labMaxIdleHours: 120 },
  {
    name: 'UK Data Access Centre, development',
    host: 'rsp-test.lsst.ac.uk',
    labMaxAgeDays: 10,
    labMaxIdleHours: 120,
  },
  { name: 'SPHEREx at TACC', host: 'tacc-spherex.lsst.cloud', labMaxAgeDays: 8, labMaxIdleHours: 120 },
  {
    name: 'SPHEREx at TACC, development',
    host: 'tacc-spherex-dev.lsst.cloud',
    labMaxAgeDays: 8,
    labMaxIdleHours: 120,
  },
];

/** The longest life of a lab at any site known so far, for sites that are not known. */
const CAUTIOUS_MAX_AGE_DAYS = 10;

export function labMaxAgeDays(host: string): number {
  return KNOWN_SITES.find((site) => site.host === host)?.labMaxAgeDays ?? CAUTIOUS_MAX_AGE_DAYS;
}
