# Whether the words behind the first (which says whose rights are used) put a command into a scope.
shift
"$@" true >/dev/null 2>&1 </dev/null || no 'it does not work'
printf 'ok\n'
