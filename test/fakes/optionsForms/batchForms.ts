import type { RealForm } from './realForm';

/** Forms of hubs that ask a batch system. */
export const BATCH_FORMS: readonly RealForm[] = [
  {
    of: 'BatchSpawner at a computing centre, with labels that name nothing',
    html: `<label for="queue">Comet node type</label>
        <select name="queue">
          <option value="compute">standard node</option>
          <option value="gpu-shared">shared GPU node</option>
        </select>
        <label for="gpus">Number of GPUs (only for shared)</label>
        <input type="number" name="gpus" value="1" min="1" max="4">
        <label for="runtime">Job duration (hh:mm:ss)</label>
        <input type="text" name="runtime" value="01:00:00" pattern="[0-9]{2}:[0-9]{2}:[0-9]{2}">
        <label for="account">Account</label> <input name="account" value="" required>`,
    fields: [
      'queue: choice "Comet node type" [compute=standard node*, gpu-shared=shared GPU node]',
      'gpus: number "Number of GPUs (only for shared)" 1 of 1..4 by 1',
      'runtime: text "Job duration (hh:mm:ss)" "01:00:00" like [0-9]{2}:[0-9]{2}:[0-9]{2}',
      'account: text "Account" required ""',
    ],
    answers: { queue: ['gpu-shared'], gpus: ['2'], account: ['abc123'] },
    received: { queue: ['gpu-shared'], gpus: ['2'], runtime: ['01:00:00'], account: ['abc123'] },
  },
  {
    of: 'SlurmFormSpawner, whose fields come from WTForms',
    html: `<div class="row"><div class="col"><div class="form-group col-md-6"><label class="col-form-label" for="reservation">Reservation</label>
          <select class="form-control" id="reservation" name="reservation"><option value="">None</option><option value="school">school</option></select></div></div>
        <div class="col"><div class="form-group"><label for="account">Account</label>
          <select class="form-control" id="account" name="account"><option selected value="def-ada">def-ada</option><option value="rrg-ada">rrg-ada</option></select></div></div></div>
      <div class="form-group"><label for="runtime">Time (hours)</label>
        <input class="form-control" id="runtime" max="5" min="0.25" name="runtime" required step="0.25" type="number" value="1.0"></div>
      <div class="form-group"><label for="nprocs">Number of cores</label>
        <input class="form-control" id="nprocs" max="8" min="1" name="nprocs" required step="1" type="number" value="1"></div>
      <div class="form-check"><input class="form-check-input" id="oversubscribe" name="oversubscribe" type="checkbox" value="y">
        <label class="form-check-label" for="oversubscribe">Enable core oversubscription?</label>
        <span data-toggle="tooltip" title="Recommended for interactive usage"><i class="fa fa-question-circle"></i></span></div>
      <div class="form-group"><label for="gpus">GPU configuration</label>
        <select class="form-control" id="gpus" name="gpus"><option selected value="gpu:0">None</option><option value="gpu:a100:1">1 x A100</option></select></div>
      <div class="form-group"><label for="ui">User interface</label>
        <select class="form-control" id="ui" name="ui"><option selected value="lab">JupyterLab</option><option value="terminal">Terminal</option></select></div>
      <div class="form-group"><fieldset><legend class="col-form-label">Features</legend>
        <ul id="feature"><li><input id="feature-0" name="feature" type="checkbox" value="ssd"> <label for="feature-0">Fast disk</label></li>
        <li><input checked id="feature-1" name="feature" type="checkbox" value="net"> <label for="feature-1">Network</label></li></ul></fieldset></div>`,
    fields: [
      'reservation: choice "Reservation" [=None*, school]',
      'account: choice "Account" [def-ada*, rrg-ada]',
      'runtime: number "Time (hours)" required 1.0 of 0.25..5 by 0.25',
      'nprocs: number "Number of cores" required 1 of 1..8 by 1',
      'oversubscribe: switch "Enable core oversubscription?" y off',
      'gpus: choice "GPU configuration" [gpu:0=None*, gpu:a100:1=1 x A100]',
      'ui: choice "User interface" [lab=JupyterLab*, terminal=Terminal]',
      'feature: choices "Features" [ssd=Fast disk, net=Network*]',
    ],
    answers: { account: ['rrg-ada'], runtime: ['2.5'], oversubscribe: ['y'], feature: ['ssd', 'net'] },
    received: {
      reservation: [''],
      account: ['rrg-ada'],
      runtime: ['2.5'],
      nprocs: ['1'],
      oversubscribe: ['y'],
      gpus: ['gpu:0'],
      ui: ['lab'],
      feature: ['ssd', 'net'],
    },
  },
  {
    of: 'a large centre like NERSC, where a table of nodes is a table of radio buttons',
    html: `<table class="table"><thead><tr><th></th><th>Perlmutter</th></tr></thead><tbody>
      <tr><th>Shared CPU node</th><td><input type="radio" name="setup" value="shared-node-cpu" checked aria-label="Perlmutter shared CPU node"></td></tr>
      <tr><th>Exclusive GPU node</th><td><input type="radio" name="setup" value="exclusive-node-gpu" aria-label="Perlmutter exclusive GPU node"></td></tr>
      </tbody></table>
      <div id="more" class="collapse"><label for="qos">QOS</label><select id="qos" name="qos"><option>jupyter</option><option>regular</option></select></div>`,
    fields: [
      'setup: choice "Setup" [shared-node-cpu=Perlmutter shared CPU node*, exclusive-node-gpu=Perlmutter exclusive GPU node]',
      'qos: choice "QOS" tucked [jupyter*, regular]',
    ],
    answers: { setup: ['exclusive-node-gpu'] },
    received: { setup: ['exclusive-node-gpu'], qos: ['jupyter'] },
  },
  {
    of: 'a centre like Jülich, with systems, projects and modules',
    html: `<fieldset><legend>System</legend>
        <label for="sys">System</label><select id="sys" name="system" required><option value="" selected>Choose…</option>
          <optgroup label="Production"><option value="juwels">JUWELS</option></optgroup>
          <optgroup label="Test" disabled><option value="deep">DEEP</option></optgroup></select>
        <label for="prj">Project</label><select id="prj" name="project"><option disabled selected>choose your project</option><option>training24</option></select></fieldset>
      <fieldset><legend>Resources</legend>
        Nodes: <input type="number" name="nodes" value="1" min="1" max="16"> Runtime (min): <input type="number" name="runtime" value="30" min="10" max="1440" step="10"></fieldset>
      <fieldset><legend>Modules</legend>
        <input type="checkbox" name="modules" value="julia"> Julia <input type="checkbox" name="modules" value="r" checked> R<br>
        <input type="checkbox" name="modules" value="vscode" checked> Code</fieldset>`,
    fields: [
      'system: choice "System" required [Production/juwels=JUWELS]',
      'project: choice "Project" in "System" [training24]',
      'nodes: number "Nodes" in "Resources" 1 of 1..16 by 1',
      'runtime: number "Runtime (min)" in "Resources" 30 of 10..1440 by 10',
      'modules: choices "Modules" [julia=Julia, r=R*, vscode=Code*]',
    ],
    answers: { system: ['juwels'], project: ['training24'], modules: ['julia', 'vscode'] },
    received: {
      system: ['juwels'],
      project: ['training24'],
      nodes: ['1'],
      runtime: ['30'],
      modules: ['julia', 'vscode'],
    },
  },
  {
    of: 'a faculty like those of Dresden and Hamburg, with a simple form and a hidden one for experts',
    html: `<div id="simple"><div class="form-row"><div class="col-4">Partition</div>
          <div class="col-8"><select name="partition"><option value="alpha">alpha (GPU)</option><option value="romeo" selected>romeo (CPU)</option></select></div></div>
        <div class="form-row"><div class="col-4">CPU cores</div><div class="col-8"><input type="number" name="cpus" value="1" min="1" max="128"/></div></div></div>
      <div id="expert" style="display: none"><p class="help-block">Only if you know what you do</p>
        <div>Reservation</div><input type="text" name="reservation">
        <div>Generic resources</div><input type="text" name="gres" value="gpu:1"></div>
      <a href="#" onclick="toggle()">Advanced</a>`,
    fields: [
      'partition: choice "Partition" [alpha=alpha (GPU), romeo=romeo (CPU)*]',
      'cpus: number "CPU cores" 1 of 1..128 by 1',
      'reservation: text "Reservation" tucked ""',
      'gres: text "Generic resources" tucked "gpu:1"',
    ],
    answers: { partition: ['alpha'], cpus: ['6'], reservation: ['p_school'] },
    received: { partition: ['alpha'], cpus: ['6'], reservation: ['p_school'], gres: ['gpu:1'] },
  },
  {
    of: 'SWAN at CERN, with software stacks, cores and a Spark cluster',
    html: `<input type="hidden" name="projurl" value="https://example.org/p.git?a=1&amp;b=2">
      <h4>Software stack</h4><select id="LCG-rel" name="LCG-rel"><optgroup label="LCG"><option value="LCG_105a" selected>105a</option><option value="LCG_104a">104a</option></optgroup>
        <optgroup label="Bleeding edge"><option value="dev3/latest">Bleeding Edge</option></optgroup></select>
      <h4>Environment script</h4><input type="text" name="scriptenv" placeholder="e.g. $CERNBOX_HOME/MySWAN/myscript.sh">
      <h4>Number of cores</h4><select name="ncores"><option>2</option><option>4</option></select>
      <h4>Memory</h4><select name="memory"><option value="8">8 GB</option><option value="16">16 GB</option></select>
      <h4>Spark cluster</h4><select name="spark-cluster"><option value="none" selected>None</option><option value="k8s">Cloud</option></select>
      <input type="checkbox" name="use-jupyterlab" id="lab" value="checked"><label for="lab">Try the new JupyterLab interface</label>`,
    fields: [
      'projurl: kept "https://example.org/p.git?a=1&b=2"',
      'LCG-rel: choice "Software stack" [LCG/LCG_105a=105a*, LCG/LCG_104a=104a, Bleeding edge/dev3/latest=Bleeding Edge]',
      'scriptenv: text "Environment script" ""',
      'ncores: choice "Number of cores" [2*, 4]',
      'memory: choice "Memory" [8=8 GB*, 16=16 GB]',
      'spark-cluster: choice "Spark cluster" [none=None*, k8s=Cloud]',
      'use-jupyterlab: switch "Try the new JupyterLab interface" in "Spark cluster" checked off',
    ],
    answers: { 'LCG-rel': ['dev3/latest'], memory: ['16'], 'use-jupyterlab': ['checked'] },
    received: {
      projurl: ['https://example.org/p.git?a=1&b=2'],
      'LCG-rel': ['dev3/latest'],
      scriptenv: [''],
      ncores: ['2'],
      memory: ['16'],
      'spark-cluster': ['none'],
      'use-jupyterlab': ['checked'],
    },
  },
  {
    of: 'FirecREST, whose accounts are the groups of the person',
    html: `
      <label for="account">Select account:</label>
      <select name="account">
         <option value="csstaff">csstaff</option>
<option value="g-1">g-1</option>
      </select>
      `,
    fields: ['account: choice "Select account" [csstaff*, g-1]'],
    answers: { account: ['g-1'] },
    received: { account: ['g-1'] },
  },
];
