# Runs a script ($1) with the rest of the words. As root, where a user's directory ($2) is worked on: with that user's
# rights alone, where this machine has a way to that; what the user has laid there can then lead nowhere new.
script=$1 at=$2
shift 2
if [ -n "$at" ] && [ "$(id -u)" = 0 ]; then
  while [ ! -e "$at" ] && [ ! -L "$at" ] && [ -n "$at" ]; do at=${at%/*}; done
  user=$(stat -c %u -- "${at:-/}") group=$(stat -c %g -- "${at:-/}")
  own=$(id -g "$user" 2>/dev/null) && group=$own
  if [ -n "$user" ] && [ "$user" != 0 ] && [ "$group" != 0 ]; then
    if setpriv --reuid="$user" --regid="$group" --clear-groups true 2>/dev/null; then
      exec setpriv --reuid="$user" --regid="$group" --clear-groups /bin/sh -c "$script" sh "$@"
    fi
    if chroot --userspec="$user:$group" --groups="$group" / true 2>/dev/null; then
      exec chroot --userspec="$user:$group" --groups="$group" / /bin/sh -c "$script" sh "$@"
    fi
  fi
fi
exec /bin/sh -c "$script" sh "$@"
