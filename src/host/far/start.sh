# Starts a deploy that outlives the line, when told to go on. $1: ours in the hal directory; $2: the deploy's name;
# $3: the deployment's directory; $4: which deploy it is, for deploy.lock; $5: the supervisor; $6: quoted words that put
# it into a scope of its own, where there are any; the rest is the command.
home=$1 name=$2 deployment=$3 note=$4 supervisor=$5 scope=$6
shift 6
umask 007
ours "$home"
for each in "$home/deploy.lock" "$home/deploying" "$home/deploying.new" "$home/$name"; do
  [ ! -L "$each" ] || no "$each is a link"
done
(: >>"$home/deploy.lock") 2>/dev/null || no "$home/deploy.lock cannot be opened"
exec 9>>"$home/deploy.lock"
if [ -d "$deployment" ]; then exec 8<"$deployment"; else exec 8<"$home"; fi
here=$(printf %s "$home" | hash)

# Whether another deploy runs. Whoever is just ending, or looks, has the lock for a moment.
busy() {
  if command -v flock >/dev/null 2>&1; then
    tries=0
    until flock -n 8 && flock -n 9; do
      tries=$((tries + 1))
      [ "$tries" -lt 6 ] || return 0
      sleep 1
    done
    return 1
  fi
  for each in /proc/[0-9]*; do
    if { tr '\0' '\n' <"$each/environ"; } 2>/dev/null | grep -qxF "EVENT_CACHE_WIZARD_HOME=$here"; then return 0; fi
  done
  return 1
}
if busy; then
  printf 'busy %s\n' "$(head -c 400 -- "$home/deploying" 2>/dev/null | tr -cd ' -~')"
  exit 0
fi
mkdir -- "$home/$name" 2>/dev/null || no "$home/$name is there already, or cannot be made"
printf '%s' "$note" >"$home/deploying.new" && mv -f -- "$home/deploying.new" "$home/deploying" ||
  no "$home/deploying cannot be written"
# Room for how it ends, before it begins.
printf '%-200s\n' '' >"$home/$name/exit.new" && : >"$home/$name/log" && : >"$home/$name/owner" ||
  no "$home/$name cannot be written"
on_disk "$home/$name/exit.new" "$home/$name" "$home"
told_to_go_on
# From here on it is begun.
printf 'begun\n' >"$home/$name/owner"
apart=''
if command -v setsid >/dev/null 2>&1; then apart=setsid; fi
EVENT_CACHE_WIZARD_DEPLOY=$name EVENT_CACHE_WIZARD_HOME=$here
export EVENT_CACHE_WIZARD_DEPLOY EVENT_CACHE_WIZARD_HOME
run="$home/$name"
eval "set -- $scope $apart /bin/sh -c \"\$supervisor\" sh \"\$run\" \"\$@\""
"$@" <&9 >/dev/null 2>>"$run/supervisor.log" &
printf 'ok %s\n' "$!"
