# Starts a deploy that outlives the line. $1: ours in the hal directory; $2: the deploy's name; $3: the deployment's
# directory; $4: which deploy it is, for deploy.lock; $5: the supervisor; the rest is the command.
home=$1 name=$2 deployment=$3 note=$4 supervisor=$5
shift 5
umask 007
ours "$home"
for each in "$home/deploy.lock" "$home/deploying" "$home/deploying.new" "$home/$name"; do
  [ ! -L "$each" ] || no "$each is a link"
done
exec 9>>"$home/deploy.lock" || no "$home/deploy.lock cannot be opened"
if [ -d "$deployment" ]; then exec 8<"$deployment"; else exec 8<"$home"; fi
if command -v flock >/dev/null 2>&1; then
  if ! flock -n 8 || ! flock -n 9; then
    printf 'busy %s\n' "$(head -c 400 -- "$home/deploying" 2>/dev/null | tr -cd '[:print:]')"
    exit 0
  fi
fi
mkdir -- "$home/$name" 2>/dev/null || no "$home/$name is there already, or cannot be made"
printf '%s' "$note" >"$home/deploying.new" && mv -f -- "$home/deploying.new" "$home/deploying" ||
  no "$home/deploying cannot be written"
# Room for how it ends, before it begins.
printf '%-200s\n' '' >"$home/$name/exit.new" && : >"$home/$name/log" && : >"$home/$name/owner" || no "$home/$name cannot be written"
: >"$home/$name/supervisor.log"
as_hal "$home/deploy.lock" "$home/deploying" "$home/$name" "$home/$name/exit.new" "$home/$name/log" \
  "$home/$name/owner" "$home/$name/supervisor.log"
on_disk "$home/$name/exit.new" "$home/$name" "$home"
apart=''
if command -v setsid >/dev/null 2>&1; then apart=setsid; fi
EVENT_CACHE_WIZARD_DEPLOY=$home/$name
export EVENT_CACHE_WIZARD_DEPLOY
$apart /bin/sh -c "$supervisor" sh "$home/$name" "$@" \
  <&9 >/dev/null 2>>"$home/$name/supervisor.log" &
printf 'ok %s\n' "$!"
