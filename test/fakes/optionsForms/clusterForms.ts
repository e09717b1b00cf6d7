import type { RealForm } from './realForm';

const profile = (
  slug: string,
  name: string,
  rest: { about?: string; options?: string; isOn?: boolean },
): string => `
  <label for="profile-item-${slug}" class="profile js-profile-label">
    <div class="radio">
      <input type="radio" name="profile" id="profile-item-${slug}" value="${slug}" ${rest.isOn ? 'checked' : ''} />
    </div>
    <div>
      <h3>${name}</h3>${rest.about === undefined ? '' : `<p>${rest.about}</p>`}
      ${rest.options === undefined ? '' : `<div>${rest.options}</div>`}
    </div>
  </label>`;

const option = (id: string, label: string, choices: string, unlisted = ''): string => `
  <div class="js-options-container">
    <div class="option">
      <label for="${id}" class="js-profile-option-label">${label}</label>
      <select name="${id}" id="${id}" class="form-control js-profile-option-select">${choices}</select>
    </div>${unlisted}
  </div>`;

const SCRIPT = `<script>
  $('.js-profile-option-select').change(function() { $(this).removeAttr('name'); });
  const userOptions = {"profile": "<label>"};
</script>`;

/** Forms of hubs that start pods. */
export const CLUSTER_FORMS: readonly RealForm[] = [
  {
    of: 'KubeSpawner with a list of profiles',
    html: `<style>.profile { cursor: pointer; }</style><div class="form-group" id="kubespawner-profiles-list">
      ${profile('minimal', 'Minimal environment', { about: 'To avoid too much bells &amp; whistles: Python.', isOn: true })}
      ${profile('datascience', 'Datascience environment', { about: 'Python, R, and Julia.' })}
      ${profile('spark', 'Spark environment', {})}
    </div>${SCRIPT}`,
    fields: [
      'form of kubespawner',
      'profile: choice "Profile" [minimal=Minimal environment* (To avoid too much bells & whistles: Python.), datascience=Datascience environment (Python, R, and Julia.), spark=Spark environment]',
    ],
    answers: { profile: ['datascience'] },
    received: { profile: 'datascience' },
  },
  {
    of: 'KubeSpawner with options in its profiles, and a choice that is not in the list',
    html: `<div class="form-group" id="kubespawner-profiles-list">
      ${profile('cpu', 'Small', {
        isOn: true,
        options:
          option(
            'profile-option-cpu--image',
            'Image',
            '<option value="minimal" selected>Minimal</option><option value="unlisted-choice">Other...</option>',
            `<div class="option hidden js-other-input-container">
               <label for="profile-option-cpu--image--unlisted-choice"> Custom image </label>
               <input data-name="profile-option-cpu--image--unlisted-choice"
                 id="profile-option-cpu--image--unlisted-choice" pattern="^.+:.+$"
                 title="Must be a publicly available image, name:tag" class="form-control js-other-input" />
             </div>`,
          ) +
          option(
            'profile-option-cpu--mem',
            'Memory',
            '<option value="m4" >4 GB</option><option value="m8" selected>8 GB</option>',
          ),
      })}
      ${profile('cpu-gpu', 'GPU', {
        options: option(
          'profile-option-cpu-gpu--image',
          'Image',
          '<option value="torch" selected>PyTorch</option>',
        ),
      })}
    </div>${SCRIPT}`,
    fields: [
      'form of kubespawner',
      'profile: choice "Profile" [cpu=Small*, cpu-gpu=GPU]',
      'profile-option-cpu--image: choice "Image" in "Small" if profile=cpu [minimal=Minimal*, unlisted-choice=Other...]',
      'profile-option-cpu--image--unlisted-choice: text "Custom image" required if profile-option-cpu--image=unlisted-choice "" like ^.+:.+$ – Must be a publicly available image, name:tag',
      'profile-option-cpu--mem: choice "Memory" in "Small" if profile=cpu [m4=4 GB, m8=8 GB*]',
      'profile-option-cpu-gpu--image: choice "Image" in "GPU" if profile=cpu-gpu [torch=PyTorch*]',
    ],
    answers: {
      profile: ['cpu'],
      'profile-option-cpu--image': ['unlisted-choice'],
      'profile-option-cpu--image--unlisted-choice': ['quay.io/me/it:1'],
      'profile-option-cpu--mem': ['m4'],
    },
    received: { profile: 'cpu', 'image--unlisted-choice': 'quay.io/me/it:1', mem: 'm4' },
  },
  {
    of: 'KubeSpawner before version 3, whose profiles had no options',
    html: `<style>#kubespawner-profiles-list .profile p { font-weight: normal; }</style>
    <div class='form-group' id='kubespawner-profiles-list'>
      <label for='profile-item-0' class='form-control input-group'>
        <div class='col-md-1'><input type='radio' name='profile' id='profile-item-0' value='training-env-python' checked /></div>
        <div class='col-md-11'><strong>Training Env - Python</strong><p>Two cores</p></div>
      </label>
      <label for='profile-item-1' class='form-control input-group'>
        <div class='col-md-1'><input type='radio' name='profile' id='profile-item-1' value='large' /></div>
        <div class='col-md-11'><strong>Large</strong></div>
      </label>
    </div>`,
    fields: [
      'form of kubespawner',
      'profile: choice "Profile" [training-env-python=Training Env - Python* (Two cores), large=Large]',
    ],
    answers: { profile: ['large'] },
    received: { profile: 'large' },
  },
  {
    of: 'Tapis at TACC, whose values are JSON texts',
    html: `<div class="form-group"><label for="image">Select an image:</label>
      <select class="form-control" id="image" name="image" size="10" required>
        <option value='{"name": "taccsciapps/jupyterlab-hpc:1.5", "display_name": "HPC &amp; more", "description": "With &#39;modules&#39;"}'> HPC </option>
        <option value='{"name": "taccsciapps/minimal:latest", "display_name": "Minimal"}'></option>
      </select></div>`,
    fields: [
      'form of tapis',
      `image: choice "Select an image" required [{"name": "taccsciapps/jupyterlab-hpc:1.5", "display_name": "HPC & more", "description": "With 'modules'"}=HPC (With 'modules'), {"name": "taccsciapps/minimal:latest", "display_name": "Minimal"}=Minimal]`,
    ],
    answers: { image: ['{"name": "taccsciapps/minimal:latest", "display_name": "Minimal"}'] },
    received: { image: ['{"name": "taccsciapps/minimal:latest", "display_name": "Minimal"}'] },
  },
  {
    of: 'Zero to JupyterHub with a form of its own, in which a script notes the time zone',
    html: `<div style="max-width:600px"><h3>Choose your workspace</h3>
      <label style="display:block;padding:10px"><input type="radio" name="profile" value="small" checked style="margin-right:8px">
        <strong>Small</strong> <span style="color:#666">4G RAM, 1 CPU</span></label>
      <label style="display:block;padding:10px"><input type="radio" name="profile" value="big" style="margin-right:8px">
        <strong>Big</strong> <span style="color:#666">64G RAM, 8 CPU</span><br><span>For models</span></label>
      <input type="hidden" name="timezone" id="user-timezone"><script>document.getElementById("user-timezone").value = 1;</script></div>`,
    fields: [
      'timezone: kept ""',
      'profile: choice "Choose your workspace" [small=Small* (4G RAM, 1 CPU), big=Big (64G RAM, 8 CPU For models)]',
    ],
    answers: { profile: ['big'] },
    received: { timezone: [''], profile: ['big'] },
  },
  {
    of: 'Kubeflow, which suggests images and takes any',
    html: `<table style="width: 100%;">
      <tr><td style="width: 30%;"><label for='image'>Image</label></td>
        <td><input value="" list="image" name="image" placeholder='repo/image:tag' style="width: 100%;">
        <datalist id="image"><option value="reg/tf-1:cpu"><option value="reg/tf-1:gpu"></datalist></td></tr>
      <tr><td><label for='cpu_guarantee'>CPU</label></td><td><input style="width: 100%;" name='cpu_guarantee' placeholder='200m, 1.0, 2.5, etc'></input></td></tr>
      <tr><td>Memory</td><td><input name='mem_guarantee' placeholder='100Mi, 1.5Gi'></td></tr>
      <tr><td>Extra Resource Limits</td><td><input name='extra_resource_limits' placeholder='{&apos;nvidia.com/gpu&apos;: 3}'></td></tr>
    </table>`,
    fields: [
      'image: text "Image" "" or reg/tf-1:cpu|reg/tf-1:gpu',
      'cpu_guarantee: text "CPU" ""',
      'mem_guarantee: text "Memory" ""',
      'extra_resource_limits: text "Extra Resource Limits" ""',
    ],
    answers: { image: ['reg/tf-1:gpu'], extra_resource_limits: ['{"nvidia.com/gpu": 1}'] },
    received: {
      image: ['reg/tf-1:gpu'],
      cpu_guarantee: [''],
      mem_guarantee: [''],
      extra_resource_limits: ['{"nvidia.com/gpu": 1}'],
    },
  },
];
