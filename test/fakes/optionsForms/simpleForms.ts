import type { RealForm } from './realForm';

/** Forms of hubs that start processes and containers. */
export const SIMPLE_FORMS: readonly RealForm[] = [
  {
    of: "JupyterHub's own documentation, where no label is one",
    html: `Set your key:
      <input name="key" val="default_key"></input>
      <br>
      Choose a letter:
      <select name="letter" multiple="true">
        <option value="A">The letter A</option>
        <option value="B">The letter B</option>
      </select>`,
    fields: [
      'key: text "Set your key" ""',
      'letter: choices "Choose a letter" [A=The letter A, B=The letter B]',
    ],
    answers: { key: ['ümlaut & co'], letter: ['A', 'B'] },
    received: { key: ['ümlaut & co'], letter: ['A', 'B'] },
  },
  {
    of: "JupyterHub's example of arguments and environment",
    html: `<div class="form-group"><label for="args">Extra notebook CLI arguments</label>
        <input name="args" class="form-control" placeholder="e.g. --debug"></input></div>
      <div class="form-group"><label for="env">Environment variables (one per line)</label>
        <textarea class="form-control" name="env">
YOURNAME=ada
PATH_TO=&lt;here&gt;
</textarea></div>`,
    fields: [
      'args: text "Extra notebook CLI arguments" ""',
      'env: text "Environment variables (one per line)" lines "YOURNAME=ada\\nPATH_TO=<here>\\n"',
    ],
    answers: { args: ['--debug'], env: ['A=1\nB=2'] },
    received: { args: ['--debug'], env: ['A=1\r\nB=2'] },
  },
  {
    of: 'DockerSpawner with allowed images, written as Python writes a list',
    html: `
        <label for="image">Select an image:</label>
        <select class="form-control" name="image" required autofocus>
        ['<option value="jupyter/base-notebook" selected>jupyter/base-notebook</option>', '<option value="jupyter/r-notebook" >jupyter/r-notebook</option>']
        </select>
        `,
    fields: ['image: choice "Select an image" required [jupyter/base-notebook*, jupyter/r-notebook]'],
    answers: { image: ['jupyter/r-notebook'] },
    received: { image: ['jupyter/r-notebook'] },
  },
  {
    of: 'WrapSpawner with profiles of several spawners',
    html: `<label for="profile">Select a job profile:</label>
        <select class="form-control" name="profile" required autofocus>
        <option value="local" selected>Host process</option>
        <option value="docker">Docker Python 2/3</option>
        <option value="lab1">Lab cluster - 2 cores, 4 GB, 8 hours</option>
        </select>`,
    fields: [
      'profile: choice "Select a job profile" required [local=Host process*, docker=Docker Python 2/3, lab1=Lab cluster - 2 cores, 4 GB, 8 hours]',
    ],
    answers: { profile: ['lab1'] },
    received: { profile: ['lab1'] },
  },
  {
    of: 'SystemdSpawner with sliders for its limits',
    html: `<label>Memory <input type="range" name="mem_gb" min="1" max="16" step="0.5" value="4" oninput="x.value=value"> GB</label><br>
      <label>CPU share <input type="range" name="cpu"></label>
      <p><input type="checkbox" name="isolate_tmp" id="iso" checked> <label for="iso">Private /tmp</label>
      <small class="form-text text-muted">Others cannot see it.</small></p>`,
    fields: [
      'mem_gb: number "Memory GB" 4 of 1..16 by 0.5',
      'cpu: number "CPU share" 50 of 0..100 by 1',
      'isolate_tmp: switch "Private /tmp" on on – Others cannot see it.',
    ],
    answers: { mem_gb: ['7.5'], isolate_tmp: [] },
    received: { mem_gb: ['7.5'], cpu: ['50'] },
  },
  {
    of: 'The Littlest JupyterHub with a gallery of examples, each a button',
    html: `<div class="gallery"><h2>Pick an example</h2>
        <div class="card"><p>Gravitational waves</p><button type="submit" class="btn" name="example" value="ligo">LIGO <b>tutorial</b></button></div>
        <div class="card"><p>Climate</p><button type="submit" class="btn" name="example" value="era5">ERA5</button></div>
        <button type="button">Help</button></div>`,
    fields: ['example: choice "Pick an example" [ligo=LIGO tutorial, era5=ERA5]'],
    answers: { example: ['era5'] },
    received: { example: ['era5'] },
  },
  {
    of: 'a course, with an account that ends and its own addresses',
    html: `<fieldset><legend>Your repository</legend>
        <label for="repo">Address</label> <input type="url" id="repo" name="repo" value="https://example.org/course.git" required>
        <label for="mail">Mail</label> <input type="email" id="mail" name="mail">
        <label for="pat">Access token</label> <input type="password" id="pat" name="pat" maxlength="40"></fieldset>
      <fieldset disabled><legend>For teachers</legend><input name="grading" value="1"></fieldset>
      <label>Until <input type="date" name="until" value="2026-09-01"></label>
      <input type="file" name="key_file" aria-label="SSH key"> <input type="reset"> <input type="image" name="i">`,
    fields: [
      'left out: SSH key',
      'repo: text "Address" in "Your repository" required url "https://example.org/course.git"',
      'mail: text "Mail" in "Your repository" email ""',
      'pat: text "Access token" in "Your repository" secret "" up to 40',
      'until: text "Until" date "2026-09-01"',
    ],
    answers: { mail: ['a@b.example'], until: ['2026-12-24'] },
    received: {
      repo: ['https://example.org/course.git'],
      mail: ['a@b.example'],
      pat: [''],
      until: ['2026-12-24'],
    },
  },
];
