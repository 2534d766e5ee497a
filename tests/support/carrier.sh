#!/bin/sh
# docker, kubectl, ssh or sudo (by its own name), as a stand-in: what it carries runs in a directory of its own, as
# another user, with nothing of our environment. The call whose number stands in `break` is broken as that says.
here=$(dirname "$0")
refuse() { echo "$1" >&2; exit 1; }
case ${0##*/} in
  docker)
    if [ "$1" = ps ]; then exec cat "$here/docker-ps"; fi
    [ "$1 $2" = 'exec -i' ] || refuse "docker: unknown: $*"
    [ "$3" = halyard ] || refuse "Error response from daemon: No such container: $3"
    shift 3
    ;;
  kubectl)
    if [ "$1" = config ]; then echo prod; exit; fi
    if [ "$1" = --context ]; then
      [ "$2" = prod ] || refuse "error: context \"$2\" does not exist"
      shift 2
    fi
    if [ "$1" = get ]; then exec cat "$here/pods"; fi
    [ "$1 $2 $3 $4" = 'exec -i -n spinnaker' ] || refuse "kubectl: unknown: $*"
    [ "$5" = halyard-0 ] || refuse "Error from server (NotFound): pods \"$5\" not found"
    shift 5
    if [ "$1" = -c ]; then shift 2; fi
    [ "$1" = -- ] && shift
    ;;
  ssh)
    while [ "${1#-}" != "$1" ]; do
      case $1 in -o | -p) shift 2 ;; *) shift ;; esac
    done
    [ "$1" = far ] || refuse "ssh: Could not resolve hostname $1: Name or service not known"
    shift
    set -- /bin/sh -c "$*"
    ;;
  sudo)
    [ "$1 $2 $3 $4 $5" = '-n -H -u spinnaker --' ] || refuse 'sudo: a password is required'
    shift 5
    ;;
esac
there=$here/../there
run() (
  cd "$there" || exit 1
  exec $ROOT setpriv --reuid 20002 --regid 20002 --clear-groups \
    env -i HOME="$there/home" HALYARD_HALCONFIG_DIRECTORY="$FAR_HAL" PATH="$FAR_PATH" "$@"
)
echo call >>"$here/calls"
number=$(wc -l <"$here/calls")
if [ -f "$here/break" ]; then
  read -r which how bytes <"$here/break"
  if [ "$number" = "$which" ]; then
    case $how in
      before) ;;
      sent) dd bs=1 count="$bytes" 2>/dev/null | run "$@" ;;
      answered) run "$@" | dd bs=1 count="$bytes" 2>/dev/null ;;
      left)
        # The client dies; what it began over there goes on.
        setsid $ROOT setpriv --reuid 20002 --regid 20002 --clear-groups env -i HOME="$there/home" \
          HALYARD_HALCONFIG_DIRECTORY="$FAR_HAL" PATH="$FAR_PATH" "$@" <&0 &
        sleep "0.$bytes"
        ;;
      killed)
        setsid $ROOT setpriv --reuid 20002 --regid 20002 --clear-groups env -i HOME="$there/home" \
          HALYARD_HALCONFIG_DIRECTORY="$FAR_HAL" PATH="$FAR_PATH" "$@" &
        sleep "0.$bytes"
        kill -9 -- "-$!"
        ;;
    esac
    echo 'the line was cut' >&2
    exit 255
  fi
fi
run "$@"
