# Whether files can be made in a directory.
there "$1" || no 'No such file or directory'
[ -d "$1" ] || no 'Not a directory'
[ -w "$1" ] && [ -x "$1" ] || no 'it is not writable for this user, or mounted read-only'
printf 'ok\n'
