#!/bin/sh
# Usage: confine.sh HOMES USER COMMAND [ARGUMENT ...], inside mount and process namespaces made for it.
#
# Leaves of all homes only that of USER in sight, then runs COMMAND in a user namespace below, from which the covering
# mount cannot be taken away again. `-n`: there is no mount table to write to for people who are not root.
set -e
homes=$1
user=$2
shift 2
aside=$(mktemp -d)
mount -n --bind "$homes/$user" "$aside"
mount -n -t tmpfs -o mode=755 homes "$homes"
mkdir "$homes/$user"
mount -n --move "$aside" "$homes/$user"
rmdir "$aside"
cd "$homes/$user" # by its new way: from the old one, `..` would still lead to everybody's homes
exec unshare --user --map-current-user --mount "$@"
