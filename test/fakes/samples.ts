import { Secret } from '../../src/common/secret';
import { accountId, type Account } from '../../src/domain/accounts/account';
import type { LabMenu, LabOffer } from '../../src/domain/lab/labMenu';
import { toSiteWithoutDiscovery, type RspSite, type Site } from '../../src/domain/sites/site';

export const TOKEN = 'gt-abcdefghijklmnopqrstuv.0123456789ABCDEFGHIJKL';
export const OTHER_TOKEN = 'gt-vutsrqponmlkjihgfedcba.LKJIHGFEDCBA9876543210';

export function sampleSite(address = 'https://data.example', name = 'example'): RspSite {
  return { ...toSiteWithoutDiscovery(new URL(address)), name };
}

export function sampleAccount(changes: Partial<Account> = {}): Account {
  const site = changes.site ?? sampleSite();
  const username = changes.username ?? 'vrubin';
  return {
    id: accountId(site, username),
    site,
    username,
    fullName: 'Vera Rubin',
    token: new Secret(TOKEN),
    tokenKey: 'abcdefghijklmnopqrstuv',
    tokenName: 'VS Code',
    scopes: ['exec:notebook', 'read:tap'],
    tokenExpires: undefined,
    origin: { kind: 'stored' },
    isRefused: false,
    ...changes,
  };
}

/** The RSP that this is; anything else is a mistake of the test. */
export function rspOf(site: Site): RspSite {
  if (site.kind !== 'rsp') throw new Error(`${site.host} is no Rubin Science Platform.`);
  return site;
}

/** The images and sizes that are offered; anything else is a mistake of the test. */
export function menuOf(offer: LabOffer): LabMenu {
  if (offer.kind !== 'offer') throw new Error('The site offers no images.');
  return offer;
}

/** A lab form as the controller writes it. */
export function labFormHtml(
  parts: { menu?: string; dropdown?: string; sizes?: string; options?: string } = {},
): string {
  const {
    menu = MENU,
    dropdown = '<option value="reg/lab:w_2026_28@sha256:e1">Weekly 2026_28</option>',
    sizes = SIZES,
    options = '<input type="checkbox" name="enable_debug" value="true"><input type="checkbox" name="reset_user_env" value="true">',
  } = parts;
  return `<div><h3>Image</h3>${menu}
    <input type="radio" name="image_list" id="use_image_from_dropdown" value="use_image_from_dropdown">
    <label for="use_image_from_dropdown">Select uncached image (slower start):</label>
    <select name="image_dropdown">${dropdown}</select><h3>Options</h3>${sizes}${options}</div>`;
}

const MENU = `
  <input type="radio" name="image_list" id="image1" value="reg/lab:recommended@sha256:a1" checked>
  <label for="image1">Recommended (Release r30.0.10)</label><br>
  <input type="radio" name="image_list" id="image2" value="reg/lab:w_2026_30@sha256:b1">
  <label for="image2">Latest Weekly (Weekly 2026_30)</label><br>`;

const SIZES = `
  <input type="radio" name="size" id="small" value="small"><label for="small">
    Small (1.0 CPU, 4Gi RAM)
  </label>
  <input type="radio" name="size" id="large" value="large" checked><label for="large">
    Large (4.0 CPU, 16Gi RAM)
  </label>`;

export const UNAVAILABLE_FORM =
  '<div><h3>Notebooks unavailable</h3><p>Your quota does not allow spawning a notebook.</p></div>';
