import { labFormHtml } from './samples';

const REGISTRY = 'us-central1-docker.pkg.dev/rubin-shared/sciplat/sciplat-lab';
const DAY_MS = 86_400_000;
const NEWEST_MS = Date.UTC(2026, 7, 20);

/** A lab form with this many images, as a site has them that never throws one away; few of them are pre-pulled. */
export function largeLabForm(count: number): string {
  const images = Array.from({ length: count }, (_, index) => toImage(index));
  const menu = images.slice(0, 8).map(
    ({ value, name }, index) => `
    <input type="radio" name="image_list" id="image${index + 1}" value="${value}"${index === 0 ? ' checked' : ''}>
    <label for="image${index + 1}">${name}</label><br />`,
  );
  const dropdown = images.map(({ value, name }) => `\n      <option value="${value}">${name}</option>`);
  return labFormHtml({ menu: menu.join(''), dropdown: dropdown.join('') });
}

function toImage(index: number): { readonly value: string; readonly name: string } {
  const [tag, name] = toTag(index);
  const digest = `@sha256:${index.toString(16).padStart(64, '0')}`;
  return { value: `${REGISTRY}:${tag}${index % 10 === 9 ? '' : digest}`, name };
}

function toTag(index: number): readonly [tag: string, name: string] {
  if (index === 0) return ['recommended', 'Recommended (Release r30.0.10, RSP Build 2991)'];
  const day = new Date(NEWEST_MS - index * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '_');
  const year = 2026 - Math.floor(index / 520);
  const week = String(52 - (Math.floor(index / 10) % 52)).padStart(2, '0');
  switch (index % 10) {
    case 1:
      return [`w_${year}_${week}_rsp${index}`, `Weekly ${year}_${week} (RSP Build ${index})`];
    case 2:
      return [`r${29 - (index % 20)}_${index}_0`, `Release r${29 - (index % 20)}.${index}.0`];
    case 3:
      return [`w_${year}_${week}_c0044.${index}`, `Weekly ${year}_${week} (SAL Cycle 0044, Build ${index})`];
    case 4:
      return [`exp_w_${year}_${week}_${index}`, `Experimental Weekly ${year}_${week} [${index}]`];
    case 5:
      return [`ticket-dm-${index}`, `ticket-dm-${index} (blue &amp; red)`];
    default:
      return [`d_${day}_rsp${index}`, `Daily ${day} (RSP Build ${index})`];
  }
}
