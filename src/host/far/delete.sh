# Deletes a file ($1) whose SHA-256 is $2, when told to go on; a link goes, not its target.
led "$1"
there "$1" || no 'No such file or directory'
[ -f "$1" ] && [ "$(hash <"$1")" = "$2" ] || no 'it was changed meanwhile'
told_to_go_on
rm -f -- "$1" && [ ! -e "$1" ] || no 'it cannot be deleted by this user'
dir=${1%/*}
on_disk "${dir:-/}"
printf 'ok\n'
