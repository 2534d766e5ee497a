# Runs a script ($1) with the rest of the words. As root, where a user's directory ($2) is worked on: with that user's
# rights alone, or not at all. What the user has laid there can then lead nowhere that the user could not have gone.
script=$1 at=$2
shift 2
if [ -n "$at" ] && [ "$(id -u)" = 0 ]; then
  while [ -n "$at" ] && [ ! -e "$at" ] && [ ! -L "$at" ]; do at=${at%/*}; done
  user=$(stat -c %u -- "${at:-/}") group=$(stat -c %g -- "${at:-/}") name=''
  if [ "$user" != 0 ]; then
    while IFS=: read -r called _ uid gid _ home _; do
      if [ "$uid" = "$user" ]; then
        name=$called group=$gid
        HOME=$home USER=$called LOGNAME=$called
        export HOME USER LOGNAME
        break
      fi
    done </etc/passwd 2>/dev/null
    # Never root's own group.
    [ "$group" != 0 ] || group=65534
    if [ -n "$name" ] && setpriv --reuid="$user" --regid="$group" --init-groups true 2>/dev/null; then
      exec setpriv --reuid="$user" --regid="$group" --init-groups /bin/sh -c "$script" sh "$@"
    elif setpriv --reuid="$user" --regid="$group" --clear-groups true 2>/dev/null; then
      exec setpriv --reuid="$user" --regid="$group" --clear-groups /bin/sh -c "$script" sh "$@"
    elif chroot --userspec="$user:$group" --groups="$group" / true 2>/dev/null; then
      exec chroot --userspec="$user:$group" --groups="$group" / /bin/sh -c "$script" sh "$@"
    elif [ -n "$name" ] && [ "$(su -s /bin/sh -c 'id -u' "$name" 2>/dev/null </dev/null)" = "$user" ]; then
      exec su -s /bin/sh -c 'script=$1; shift; exec /bin/sh -c "$script" sh "$@"' "$name" sh "$script" "$@"
    fi
    printf '\n%s\nno %s\n' 'event-cache-wizard 1' \
      "this is root there, and $at belongs to user $user, whose rights cannot be taken on; carry as that user"
    exit 0
  fi
fi
exec /bin/sh -c "$script" sh "$@"
