import { escapeHtml } from '../http/answers';
import type { Image } from './images';
import { describeSize, type Size } from './sizes';

const SENTINEL = 'use_image_from_dropdown';

/** What a form offers. */
export interface FormContent {
  readonly menu: readonly Image[];
  readonly dropdown: readonly Image[];
  readonly sizes: readonly Size[];
  readonly defaultSize: string | undefined;
}

/** The options form as the controller serves it: a fragment without a form element, to be put in the hub's. */
export function labForm(content: FormContent): string {
  const checked = (is: boolean) => (is ? ' checked' : '');
  const menu = content.menu.map((image, place) => {
    const id = `image${place + 1}`;
    const value = escapeHtml(image.reference);
    return (
      `    <input type="radio" name="image_list" id="${id}" value="${value}"${checked(place === 0)}>\n` +
      `    <label for="${id}">${escapeHtml(image.config.name)}</label><br />\n`
    );
  });
  const options = content.dropdown.map(
    (image) =>
      `      <option value="${escapeHtml(image.menuReference)}">${escapeHtml(image.config.name)}</option>\n`,
  );
  const sizes = content.sizes.map((size) => {
    const name = escapeHtml(size.name);
    return (
      `    <input type="radio" name="size" id="${name}" value="${name}"${checked(size.name === content.defaultSize)}>\n` +
      `    <label for="${name}">\n      ${escapeHtml(describeSize(size))}\n    </label><br />\n`
    );
  });
  return `<script>
function selectDropdown() {
  document.getElementById('${SENTINEL}').checked = true;
}
</script>
<style>
  td { border: 1px solid black; padding: 2%; vertical-align: top; }
  .radio label, .checkbox label { padding-left: 0px; }
</style>
<table width="100%">
<tr><th>Image</th><th>Options</th></tr>
<tr>
<td width="50%">
  <div class="radio radio-inline">
${menu.join('')}
    <input type="radio" name="image_list" id="${SENTINEL}" value="${SENTINEL}"${checked(menu.length === 0)}>
    <label for="${SENTINEL}">
      Select uncached image (slower start):
    </label><br />

    <select name="image_dropdown" onchange="selectDropdown()">
${options.join('')}    </select>
  </div>
</td>
<td width="50%">
  <div class="radio radio-inline">
${sizes.join('')}  </div>
  <br />
  <div class="checkbox checkbox-inline">
    <label for="enable_debug">
      <input type="checkbox" id="enable_debug"
       name="enable_debug" value="true">
      Enable debug logs
    </label><br />
    <label for="reset_user_env">
      <input type="checkbox" id="reset_user_env"
       name="reset_user_env" value="true">
      Reset user environment: relocate .cache, .conda, .config, .eups,
      .jupyter, .local, and .user_setups
    </label><br />
  </div>
</td>
</tr>
</table>
`;
}

/** Served, with status 200, to whom no lab can be offered. */
export const UNAVAILABLE_FORM =
  '<h2>Notebooks unavailable</h2>\n<p>Creating a new Nublado notebook is currently unavailable.</p>\n';
