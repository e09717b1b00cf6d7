"""What KubeSpawner itself makes of a list of profiles: its form, and its options out of answers. No cluster is asked.

Reads JSON with `profiles` and `answers` (lists by the name of their field), and writes JSON with `html` and `options`.
"""

import json
import sys

import kubespawner.spawner
from kubespawner import KubeSpawner

# Nothing here is about to speak to a cluster.
kubespawner.spawner.load_config = lambda *args, **kwargs: None
kubespawner.spawner.shared_client = lambda *args, **kwargs: None

asked = json.load(sys.stdin)
spawner = KubeSpawner(_mock=True, profile_list=asked["profiles"])
html = spawner.options_form
options = spawner.options_from_form(asked["answers"])
spawner.user_options = options
spawner._validate_user_options(spawner._get_initialized_profile_list(asked["profiles"]))
json.dump({"html": html, "options": options}, sys.stdout)
